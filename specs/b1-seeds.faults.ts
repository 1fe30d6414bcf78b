import { edit, faults } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const reference = (find: string, replace: string) => edit('seeds/reference.sql', find, replace)

const WHERE_DISTINCT = `
 where legal_documents.content_sha256 <> excluded.content_sha256`

export default faults({
  'B1.4.1': {
    'a text is not the one that was published': edit(
      'seeds/documents/privacy-1.0.md',
      'fewer than ten people',
      'fewer than two people',
    ),
    'a published text is in no seed': reference(
      `'2026-09-01 00:00:00+00'),
    ('d0000000-0000-4000-8000-000000000004', 'community-rules', '1.0',
        '\\x37e16d796873b0904d48a3c819261fa80e9bb80475db74864d37aac6f037a5cb', '2026-09-01 00:00:00+00')`,
      `'2026-09-01 00:00:00+00')`,
    ),
    'all loads reference data alone': edit(
      'seeds/settings.ts',
      'transform(() => SEEDS)',
      `transform(() => ['reference'] as const)`,
    ),
    'ids are new each time': people('select person.id::uuid', 'select gen_random_uuid()'),
    'the password is another one': people('$qHnBM4kAj4GXCK7wAoGu0A$', '$rHnBM4kAj4GXCK7wAoGu0A$'),
    'nora has accepted everything': people(
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000b'`,
      `'community-rules', '1.0', '2026-10-01 09:00:00+00', 'a0000000-0000-4000-8000-00000000000c'`,
    ),
    'a superuser loads people as the owner, whom row security binds': people(' and not rolsuper;', ';'),
    'reference data take a superuser': reference('set local role hma_owner;', ''),
    'people take a superuser': people(`rolname = session_user and not rolsuper;`, 'false;'),
    'half a seed stays when the rest fails': reference('\ncommit;', '\nend;\ncommit;'),
    'a wrong word is ignored': edit(
      'seeds/settings.ts',
      'Words.safeParse(positionals)',
      'Words.safeParse(positionals.slice(0, 1))',
    ),
    'a failure is no failure': edit('seeds/load.ts', 'return error.exitCode', 'return 0'),
    'a server that is gone looks like a failed seed': edit(
      'config/cli-error.ts',
      'unreachable: 3',
      'unreachable: 1',
    ),
    'a password file is taken with its newline': edit(
      'config/database-url.ts',
      `readFileSync(file, 'utf8').trim()`,
      `readFileSync(file, 'utf8')`,
    ),
  },
  'B1.4.2': {
    'people can be loaded once': people('\non conflict do nothing', ''),
    'reference data can be loaded once': reference(
      `\non conflict (name, version) do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`,
      '',
    ),
    'each load writes the same values again': people(
      '\non conflict do nothing',
      '\non conflict (id) do update set password_hash = excluded.password_hash',
    ),
    'what somebody changed is put back': people(
      '\non conflict do nothing',
      '\non conflict (id) do update set email = excluded.email where users.email <> excluded.email',
    ),
    'each load leaves a note in the audit log': people(
      '\ncommit;',
      `\nselect audit.write('ddl', 'seeds');\ncommit;`,
    ),
    'people are dropped and made anew': people(
      '\ninsert into auth.users',
      `\ndelete from auth.users where email like '%@hma.example';\ninsert into auth.users`,
    ),
    'an address that somebody took stops the load': people(
      '\non conflict do nothing',
      '\non conflict (id) do nothing',
    ),
    'who has the address has accepted, too': people(
      `join auth.users u on u.id between 'a0000000-0000-4000-8000-000000000001' and agreed.up_to::uuid`,
      `join auth.users u on lower(u.email) like '%@hma.example'`,
    ),
    'a text that changed under its version goes unnoticed': reference(
      `do update set content_sha256 = excluded.content_sha256${WHERE_DISTINCT}`,
      'do nothing',
    ),
    'a text may change under its version': reference(
      'set local role hma_owner;',
      'set local role hma_owner;\nalter table reference.legal_documents disable trigger user;',
    ),
  },
})
