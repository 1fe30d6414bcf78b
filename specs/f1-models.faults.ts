import { edit, edits, faults } from '../harness/setup.ts'

const models = (find: string, replace: string) => edit('seeds/models.sql', find, replace)
const MARKED = `where name in ('development', 'test')`
const ACCEPTANCES = 'auth.legal_acceptance'
const LOADER = { file: 'seeds/load.ts', find: 'if (seeds.some(isTestData)) await' }

export default faults({
  'F1.1.4': {
    'the set-up loads no models': edit(
      'stack/setup/data.ts',
      'loadSeeds(client, SEEDS',
      "loadSeeds(client, ['reference', 'people']",
    ),
    'all loads no models': edit(
      'seeds/main.ts',
      "seed === 'all' ? SEEDS",
      "seed === 'all' ? SEEDS.slice(0, 2)",
    ),
    'one model is missing': models("'profile-ranking',  '0.9.0'", "'spam-detection',  '3.2.1'"),
    'no version is archived': models("'archived',   'text-moderation'", "'registered',   'text-moderation'"),
    'models may be loaded into production': edits(
      { ...LOADER, replace: "if (seeds.includes('people')) await" },
      { file: 'seeds/models.sql', find: MARKED, replace: 'where true' },
    ),
    'the seed file has no guard': models(MARKED, 'where true or name is null'),
    'the seed file accepts a database without a mark': models(
      `if not exists (select from ops.environment ${MARKED})`,
      `if exists (select from ops.environment where name = 'production')`,
    ),
    'the guard stops its own statement only': models('\nbegin;\nset local role', '\nset role'),
    'a model returns to its first stage': models(
      'on conflict do nothing',
      'on conflict (name, version) do update set stage = excluded.stage where model.stage <> excluded.stage',
    ),
    'on a stack that is set up with HMA_RLS=on the service sees no model': edits(
      {
        file: 'migrations/0011_row_security.up.sql',
        find: `alter table ${ACCEPTANCES} enable row level security, force row level security;\n`,
        replace: `alter table ${ACCEPTANCES} enable row level security, force row level security;
alter table ml.model              enable row level security;\n`,
      },
      {
        file: 'migrations/0011_row_security.down.sql',
        find: `alter table ${ACCEPTANCES} no force row level security, disable row level security;\n`,
        replace: `alter table ml.model disable row level security;
alter table ${ACCEPTANCES} no force row level security, disable row level security;\n`,
      },
    ),
    'models can be loaded once': models('\non conflict do nothing', ''),
  },
})
