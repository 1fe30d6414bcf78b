import { edit, edits, faults, inFunction, sql } from '../harness/setup.ts'

const LOCK = 'migrations/runner/lock.ts'
const RUN = 'migrations/runner/run.ts'
const ATTEMPTS = 'migrations/runner/attempts.ts'

export default faults({
  'B1.0.4': {
    'two runners prepare one server at once': edits(
      {
        file: LOCK,
        find: 'lock table pg_catalog.pg_parameter_acl in share row exclusive mode nowait',
        replace: 'lock table pg_catalog.pg_default_acl in share row exclusive mode nowait',
      },
      {
        file: LOCK,
        find: "select 0::oid, 'pg_catalog.pg_parameter_acl'::regclass::oid",
        replace: "select 0::oid, 'pg_catalog.pg_default_acl'::regclass::oid",
      },
    ),
    'the runner takes no lock': edit(LOCK, 'set local role ${OWNER}; ${LOCK}`', 'set local role ${OWNER}`'),
    'the lock does not conflict with itself': edit(
      LOCK,
      'in share update exclusive mode',
      'in row share mode',
    ),
    'the lock ends before the work': edit(
      LOCK,
      'set local role ${OWNER}; ${LOCK}`',
      'set local role ${OWNER}; ${LOCK}; commit`',
    ),
    'the runner waits for the lock inside the server': edits(
      { file: LOCK, find: "exclusive mode nowait'", replace: "exclusive mode'" },
      {
        file: LOCK,
        find: '`begin; set local role',
        replace: "`begin; set local lock_timeout = '25s'; set local role",
      },
    ),
    'the pending migrations are read before the lock is taken': edit(
      'migrations/runner/commands.ts',
      [
        '    await using _ = await takeLock(url, client, options.lockWait)',
        '    const { comparison, migrator } = await inspect(client, files, groups, output)',
      ].join('\n'),
      [
        '    const { comparison, migrator } = await inspect(client, files, groups, output)',
        '    await using _ = await takeLock(url, client, options.lockWait)',
      ].join('\n'),
    ),
  },
  'B1.0.9': {
    'the holder is not named': edit(LOCK, '{ holder: holder ?? null }', '{ holder: null }'),
    'the error names a session that does not hold the lock': edit(
      LOCK,
      "where l.granted and l.mode <> 'AccessShareLock'",
      "where a.application_name = 'hma spec'",
    ),
    'the application may take the lock of the runner': sql`grant usage on schema guard to hma_app; grant select on guard.prelude to hma_app`,
    'the prelude takes a lock that any login may hold': edit(
      LOCK,
      'lock table pg_catalog.pg_parameter_acl',
      'lock table pg_catalog.pg_authid',
    ),
    'down does not wait for a runner': edit(
      'migrations/runner/commands.ts',
      'options.dryRun ? NO_LOCK : await takeLock(url, client, options.lockWait)',
      'NO_LOCK',
    ),
    'verify does not wait for a runner': edit(
      'migrations/runner/verify.ts',
      '    await using _ = await takeLock(url, client, options.lockWait)\n',
      '',
    ),
    'the prelude waits for its lock inside of the server': edit(
      'migrations/runner/prelude.ts',
      'await beginAlone(client, waitSeconds)',
      "await client.query(`begin; set local lock_timeout = '3s'; lock table pg_catalog.pg_parameter_acl in share row exclusive mode`)",
    ),
    'the holder of the lock of the server is looked for in the database': edit(
      LOCK,
      'select 0::oid, ',
      'select (select oid from pg_database where datname = current_database()), ',
    ),
    'the helper takes an advisory lock': inFunction('audit.ensure_partitions', [
      'lock table only audit.audit_log in share update exclusive mode;',
      `perform pg_advisory_xact_lock(hashtextextended('audit.ensure_partitions', 0));`,
    ]),
    'the runner gives up at once': edit(LOCK, 'waitSeconds * 1000', 'waitSeconds * 0'),
    'a runner without the lock exits with 0': edit('config/cli-error.ts', 'locked: 5', 'locked: 0'),
  },
  'B1.0.12': {
    'a migration waits for three seconds at a time': edit(
      ATTEMPTS,
      "LOCK_TIMEOUT = '100ms'",
      "LOCK_TIMEOUT = '3s'",
    ),
    'a migration waits without a limit': edit(RUN, "set local lock_timeout = '${LOCK_TIMEOUT}'; ", ''),
    'a migration is given up at its first attempt': edits(
      { file: ATTEMPTS, find: 'ATTEMPTS_FOR_MS = 22_500', replace: 'ATTEMPTS_FOR_MS = 0' },
      { file: ATTEMPTS, find: 'LEAST_ATTEMPTS = 5', replace: 'LEAST_ATTEMPTS = 1' },
    ),
    'a migration is never given up': edit(
      ATTEMPTS,
      'if (!isLocked || isLast) throw error',
      'if (!isLocked) throw error',
    ),
    'outside of a transaction a partition is waited for as long as transactions are': edit(
      'migrations/runner/without-transaction.ts',
      'repeatsForMs === undefined ? LONG_LOCK_TIMEOUT : LOCK_TIMEOUT',
      'LONG_LOCK_TIMEOUT',
    ),
    'a detach whose partition is in use is given up after some seconds': edit(
      'migrations/runner/resumable.ts',
      'const DETACHES_FOR_MS = 30 * 60_000',
      'const DETACHES_FOR_MS = 0',
    ),
    'a detach that was marked begins anew at each attempt': edit(
      'migrations/runner/without-transaction.ts',
      'wasStarted || !isFirst)',
      'wasStarted && isFirst)',
    ),
  },
})
