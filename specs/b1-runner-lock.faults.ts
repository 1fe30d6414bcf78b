import { edit, edits, faults } from '../harness/setup.ts'

const LOCK = 'migrations/runner/lock.ts'

export default faults([
  {
    criterion: 'B1.0.4',
    breaks: 'the runner takes no lock',
    plant: edits(
      { file: LOCK, find: 'while (!(await tryLock(client))) {', replace: 'while (Number.isNaN(deadline)) {' },
      { file: LOCK, find: 'if (rows[0]?.pid !== processOf(client)) throw isPooled()', replace: '' },
    ),
  },
  {
    criterion: 'B1.0.4',
    breaks: 'the lock is waited for inside of the server',
    plant: edit(LOCK, 'pg_try_advisory_lock(${KEY})', 'pg_advisory_lock(${KEY})::text is not null'),
  },
  {
    criterion: 'B1.0.4',
    breaks: 'what is pending is looked up before the lock is held',
    plant: edit(
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
  {
    criterion: 'B1.0.9',
    breaks: 'the holder is not named',
    plant: edit(LOCK, '{ holder: holder ?? null }', '{ holder: null }'),
  },
  {
    criterion: 'B1.0.9',
    breaks: 'somebody is named who is there and holds nothing',
    plant: edit(LOCK, 'where pid in (${HOLDERS})`', "where application_name = 'hma spec'`"),
  },
  {
    criterion: 'B1.0.9',
    breaks: 'the runner gives up before its time',
    plant: edit(LOCK, 'waitSeconds * 1000', 'waitSeconds * 0'),
  },
  {
    criterion: 'B1.0.9',
    breaks: 'a runner without the lock ends as if all were well',
    plant: edit('migrations/runner/refusal.ts', 'locked: 5', 'locked: 0'),
  },
])
