import { edit, edits, faults, sql } from '../harness/setup.ts'

const COMMANDS = 'migrations/runner/commands.ts'
const SESSION = 'migrations/runner/session.ts'
const PRELUDE = 'migrations/runner/prelude.ts'
const asSuperuser = (file: string) => edit(file, 'refuseSuperuser: true', 'refuseSuperuser: false')

export default faults({
  'B1.0.10': {
    'the function of an event trigger belongs to the owner of the schema': sql`grant create on schema guard to hma_owner;
      alter function guard.refuse_ddl() owner to hma_owner`,
    'apply runs the migrations as the superuser': edits(
      {
        file: COMMANDS,
        find: '  const { url, superuserUrl, passwords } = environment\n',
        replace:
          '  const { superuserUrl, passwords } = environment\n  const url = superuserUrl ?? environment.url\n',
      },
      { file: SESSION, find: 'refuseSuperuser: true', replace: 'refuseSuperuser: false' },
    ),
    'the prelude writes to a table of the owner': edit(
      PRELUDE,
      'await runScript(client, prelude.access)',
      "await runScript(client, prelude.access)\n    if (before) await client.query('delete from ops.schema_drift')",
    ),
    'the prelude calls a function of the owner': edit(
      PRELUDE,
      'await runScript(client, prelude.access)',
      "await runScript(client, prelude.access)\n    if (before) await client.query('select audit.ensure_partitions()')",
    ),
    'the prelude calls a function of the owner that is one expression': edit(
      PRELUDE,
      'await runScript(client, prelude.access)',
      "await runScript(client, prelude.access)\n    if (before) await client.query('select audit.months_ahead()')",
    ),
    'the prelude calls a function of a role that the owner can become': edit(
      PRELUDE,
      'await runScript(client, prelude.access)',
      "await runScript(client, prelude.access)\n    if (before) await client.query('select auth.current_user_id()')",
    ),
    'verify replays the migrations in a session of the superuser': edits(
      {
        file: 'migrations/runner/verify.ts',
        find: 'catalogOf(urlOfDatabase(urls.url, name), applied)',
        replace: 'catalogOf(urlOfDatabase(urls.superuserUrl, name), applied)',
      },
      {
        file: 'migrations/runner/verify.ts',
        find: 'withSession(openSession(url), async (scratch) =>',
        replace: 'withSession(openSuperuserSession(url), async (scratch) =>',
      },
    ),
    'the runner accepts a superuser': asSuperuser(SESSION),
    'the loader of seeds accepts a superuser': asSuperuser('seeds/main.ts'),
    'the audit job accepts a superuser': asSuperuser('ops/audit/job.ts'),
    'the scripts of figures accept a superuser': asSuperuser('ops/stats/database.ts'),
    'a login counts as ordinary although it is a superuser': edit(
      'config/postgres.ts',
      'rolname = session_user and rolsuper',
      'rolname = session_user and rolsuper and not rolcanlogin',
    ),
    'apply does not ask whether the prelude is current': edit(
      COMMANDS,
      'await requirePrelude(client, prelude)',
      '',
    ),
    'a changed roles.sql goes unnoticed': edit(PRELUDE, '`${roles.sql}\\0${access.sql}', '`${access.sql}'),
    'a changed access.sql goes unnoticed': edit(PRELUDE, '\\0${access.sql}\\0', '\\0'),
    'a changed database.sql goes unnoticed': edit(PRELUDE, '\\0${database.sql}`', '`'),
    'a changed database.sql is not run again': edit(
      PRELUDE,
      'if (before === undefined || !(await isCurrent(client, prelude)))',
      'if (before === undefined)',
    ),
    'an update of an extension goes unnoticed': edit(
      PRELUDE,
      "const EXTENSIONS = `select string_agg(concat_ws(' ', extname, extversion), ', '",
      "const EXTENSIONS = `select string_agg(extname, ', '",
    ),
    'who may connect is not repaired': edit(
      PRELUDE,
      'await runScript(client, prelude.access)',
      'if (!before) await runScript(client, prelude.access)',
    ),
    'what the prelude changes is drift': edit(
      PRELUDE,
      'before === undefined ? [] : await differencesFrom(client, before)',
      '[]',
    ),
    'the prelude adopts drift': edit(
      COMMANDS,
      'prepareBaseline(client, options.acceptDrift, preludeChanges, output)',
      'prepareBaseline(client, options.acceptDrift || preludeChanges.length > 0, preludeChanges, output)',
    ),
  },
})
