import { edit, edits, faults } from '../harness/setup.ts'

const LOCK = 'migrations/runner/lock.ts'

export default faults({
  'B1.0.4': {
    'the runner takes no lock': edits(
      { file: LOCK, find: 'while (!(await tryLock(client))) {', replace: 'while (Number.isNaN(deadline)) {' },
      { file: LOCK, find: 'if (rows[0]?.pid !== backendPidOf(client)) throw poolerDetected()', replace: '' },
    ),
    'the runner waits for the lock inside the server': edit(
      LOCK,
      'pg_try_advisory_lock(${KEY})',
      'pg_advisory_lock(${KEY})::text is not null',
    ),
    'the pending migrations are read before the lock is taken': edit(
      'migrations/runner/commands.ts',
      [
        '  if (!options.dryRun) await takeLock(client, options.lockWait)',
        '  const { comparison, migrator } = await inspect(context, files, groups)',
      ].join('\n'),
      [
        '  const { comparison, migrator } = await inspect(context, files, groups)',
        '  if (!options.dryRun) await takeLock(client, options.lockWait)',
      ].join('\n'),
    ),
  },
  'B1.0.9': {
    'the holder is not named': edit(LOCK, '{ holder: holder ?? null }', '{ holder: null }'),
    'the error names a session that does not hold the lock': edit(
      LOCK,
      'where pid in (${HOLDERS})`',
      "where application_name = 'hma spec'`",
    ),
    'the runner gives up at once': edit(LOCK, 'waitSeconds * 1000', 'waitSeconds * 0'),
    'a runner without the lock exits with 0': edit('config/cli-error.ts', 'locked: 5', 'locked: 0'),
  },
})
