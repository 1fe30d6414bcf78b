import { describe, expect } from '../harness/index.ts'
import { filesLeft, statesOf, test } from './vocabulary/backups.ts'
import { idsIn, linesOn, pruneJob, runFailingBackups, storeOfYears } from './vocabulary/failed-backups.ts'
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

describe('G1.1 A backup whose metrics cannot be written', SLOW, () => {
  test('G1.1.1 with a folder in their place a backup and a restore test succeed, and each names the folder in one line', async ({
    startJob,
  }) => {
    const job = await startJob()
    await job.shell('mkdir /backups/metrics.prom')

    const runs = [await job.run(['backup']), await job.run(['restore-test'])]
    const left = await filesLeft(job)

    const named = runs.map(({ exitCode, stderr }) => [exitCode, linesOn('metrics.prom', stderr)])
    expect(named).toEqual(Array(2).fill([0, [expect.stringContaining('/backups/metrics.prom')]]))
    expect(left.filter((file) => file.includes('metrics'))).toEqual([])
    expect(await statesOf(job)).toEqual([expect.objectContaining({ isVerified: true })])
  })

  test('G1.1.1 metrics that are no text are replaced by those of the next backup', async ({ startJob }) => {
    const job = await startJob()
    await job.shell(String.raw`printf 'hma_\377\000\n' > /backups/metrics.prom`)

    const { exitCode, stderr } = await job.run(['backup'])

    expect([exitCode, linesOn('metrics.prom', stderr)]).toEqual([0, []])
    expect(await metricsOf(job)).toEqual({
      hma_backup_last_success_timestamp_seconds: expect.any(Number),
      hma_backup_last_size_bytes: expect.any(Number),
    })
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
