import { edit, edits, faults } from '../harness/setup.ts'

const LOCK = 'migrations/runner/lock.ts'

export default faults({
  'B1.0.4': {
    'the runner takes no lock': edits(
      { file: LOCK, find: 'while (!(await tryLock(client))) {', replace: 'while (Number.isNaN(deadline)) {' },
      { file: LOCK, find: 'if (rows[0]?.pid !== processOf(client)) throw isPooled()', replace: '' },
    ),
    'the lock is waited for inside of the server': edit(
      LOCK,
      'pg_try_advisory_lock(${KEY})',
      'pg_advisory_lock(${KEY})::text is not null',
    ),
    'what is pending is looked up before the lock is held': edit(
      'migrations/runner/commands.ts',
      [
        '  if (!options.dryRun) await takeLock(client, options.lockWaitSeconds)',
        '  const comparison = compare(files, await readLedger(client), options.groups)',
      ].join('\n'),
      [
        '  const comparison = compare(files, await readLedger(client), options.groups)',
        '  if (!options.dryRun) await takeLock(client, options.lockWaitSeconds)',
      ].join('\n'),
    ),
  },
  'B1.0.9': {
    'the holder is not named': edit(LOCK, '{ holder: holder ?? null }', '{ holder: null }'),
    'somebody is named who is there and holds nothing': edit(
      LOCK,
      'where pid in (${HOLDERS})`',
      "where application_name = 'hma spec'`",
    ),
    'the runner gives up before its time': edit(LOCK, 'waitSeconds * 1000', 'waitSeconds * 0'),
    'a runner without the lock ends as if all were well': edit(
      'config/cli-error.ts',
      'locked: 5',
      'locked: 0',
    ),
  },
})
