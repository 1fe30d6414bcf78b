import { edit, faults } from '../harness/setup.ts'

const LOCK = 'ops/backup/lock.ts'

export default faults({
  'A1.4.6': {
    'a lock of the backups that cannot be taken counts as held': edit(LOCK, 'exitCode === HELD', '!isTaken'),
    'a lock of the backups that is held counts as one that cannot be taken': edit(
      LOCK,
      'if (exitCode === HELD) throw isLocked',
      'if (exitCode === HELD && isTaken) throw isLocked',
    ),
    'a folder of backups that is a file prints a stack': edit(
      LOCK,
      'throw cannotLock(file, `${folder} cannot be made a folder: ${cause.code}`, cause)',
      'throw cause',
    ),
    'a missing flock prints a stack': edit(
      LOCK,
      "once(child, 'close').catch((cause: unknown) => [undefined, cause])",
      "once(child, 'close')",
    ),
  },
})
