import { describe, expect } from '../harness/index.ts'
import { test } from './vocabulary/backups.ts'
import { startHeldBackup, startWaitingBackup } from './vocabulary/interruptions.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 180_000 }

describe('G1.0 A backup during writes', SLOW, () => {
  test.for([
    ['between the snapshot and the dump', startHeldBackup],
    ['in the middle of the dump', startWaitingBackup],
  ] as const)(
    'G1.0.1 what is committed %s is in none of its tables',
    async ([, startBackup], { startJob, db }) => {
      const job = await startJob()
      const before = await db.count('audit.audit_log')
      const backup = await startBackup(job, db)

      await insertUser(db)

      expect((await backup.goOn()).exitCode).toBe(0)
      expect(await job.json(['restore-test'])).toMatchObject({ isProven: true, findings: [] })
      expect(await db.count('audit.audit_log')).toBeGreaterThan(before)
    },
  )
})
