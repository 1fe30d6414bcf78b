import { edit, faults } from '../harness/setup.ts'

const LOCK = 'ops/backup/lock.ts'
const RESTORE = 'ops/backup/restore.ts'

export default faults({
  'G1.3.2': {
    'two restore tests may work at once': edit(
      'ops/backup/restore-test.ts',
      "withLock(settings.folder, 'restore-test', async",
      'withLock(settings.folder, `restore-test-${process.pid}`, async',
    ),
    'a restore test that finds another one running exits as if it had proven the backup': edit(
      LOCK,
      'exitCode: EXIT.locked,',
      "exitCode: name === 'restore-test' ? 0 : EXIT.locked,",
    ),
  },
  'G1.3.3': {
    'two restores may work at once': edit(
      RESTORE,
      "withLock(folder, 'restore', async",
      'withLock(folder, `restore-${process.pid}`, async',
    ),
    'two restores may work at once where their databases have other names': edit(
      RESTORE,
      "withLock(folder, 'restore', async",
      'withLock(folder, `restore-${database}`, async',
    ),
  },
})
