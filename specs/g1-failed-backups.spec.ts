import { describe, expect } from '../harness/index.ts'
import { filesLeft, statesOf, test } from './vocabulary/backups.ts'
import { idsIn, pruneJob, runFailingBackups, storeOfYears } from './vocabulary/failed-backups.ts'
import { killDump, metricsOf } from './vocabulary/interruptions.ts'
import { keysIn, unfinishedUploads } from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 240_000 }

describe('G1.1 A backup whose pg_dump is killed', SLOW, () => {
  test('G1.1.2 it fails and leaves only the metric of a failure, though the job itself lives, and the next one succeeds', async ({
    startJob,
    bucket,
  }) => {
    const job = await startJob()

    const failed = await job.run(['backup'], await killDump(job))
    const left = [await keysIn(bucket), await unfinishedUploads(bucket), await filesLeft(job)]
    const metrics = await metricsOf(job)
    const next = await job.run(['backup'])

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('SIGKILL') })
    expect(left).toEqual([[], [], []])
    expect(metrics).toEqual({ hma_backup_last_failure_timestamp_seconds: expect.any(Number) })
    expect(next.exitCode).toBe(0)
    expect(await statesOf(job)).toEqual([expect.objectContaining({ isVerified: true })])
  })
})

describe('G1.2 Retention after backups that failed', SLOW, () => {
  test('G1.2.2 a prune removes what it would have removed before they failed, and never one of the last three verified backups', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    const ids = await storeOfYears(job, db, [100, 200, 300, 400])
    const planned = await pruneJob(job, '--dry-run')

    const failed = await runFailingBackups(job, db)
    const left = await idsIn(job)
    const pruned = await pruneJob(job)
    const failedAgain = await runFailingBackups(job, db)
    const prunedAgain = await pruneJob(job)

    expect([failed, failedAgain]).toEqual([
      [3, 3, 1],
      [3, 3, 1],
    ])
    expect(left).toEqual(ids)
    const removed = (those: string[]) => ({ exitCode: 0, removed: those })
    expect([planned, pruned]).toEqual([removed(ids.slice(3)), removed(ids.slice(3))])
    expect(prunedAgain).toEqual(removed([]))
    expect(await idsIn(job)).toEqual(ids.slice(0, 3))
  })
})
