import { describe, expect } from '../harness/index.ts'
import { leaveKilledTest, test } from './vocabulary/backups.ts'
import { changeContents, createUnusual, differencesOf, subjectsOf } from './vocabulary/differences.ts'
import { metricsOf } from './vocabulary/interruptions.ts'
import {
  checkScheduler,
  environmentOf,
  lastExitCodes,
  onlyJob,
  replaceBackups,
  runsOf,
  scheduleOf,
  startScheduler,
} from './vocabulary/schedule.ts'
import { readObject, replaceContents, writeLeftovers, writeObject } from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 240_000 }
const SOON = { timeout: 20_000, interval: 100 }

interface Report {
  backup: string
  testedAt: string
  rpoSeconds: number
  rtoSeconds: number
}

describe('G1.3 The restore test', SLOW, () => {
  test('G1.3.2 whatever a killed one left, it restores the newest backup, finds it equal, and reports how old it was and how long it took', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await job.json(['backup'])
    const newest = await job.json<{ id: string; takenAt: string }>(['backup'])
    await writeLeftovers(bucket, db)
    await leaveKilledTest(job)

    const { exitCode, stdout, stderr } = await job.run(['restore-test', '--json'])

    expect(exitCode, stderr).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ backup: newest.id, isProven: true, findings: [] })
    const age = (Date.parse(report.testedAt) - Date.parse(newest.takenAt)) / 1000
    expect(report.rpoSeconds).toBe(Math.round(age))
    expect(report.rtoSeconds).toBeGreaterThan(0.5)
    const stored = readObject(bucket, `${db.name}/${newest.id}/restore-test.json`)
    await expect(stored.then((text) => JSON.parse(`${text}`))).resolves.toEqual(report)
    expect(await metricsOf(job)).toMatchObject({
      hma_restore_rpo_seconds: report.rpoSeconds,
      hma_restore_rto_seconds: report.rtoSeconds,
    })
  })

  test('G1.3.2 it names rows without their object, and objects without a row', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await writeObject(bucket, 'models/present', 'x')
    await writeObject(bucket, 'models/unnamed', 'x')
    await db.query(
      `insert into ml.model (name, version, task, artefact_uri, artefact_sha256, artefact_size)
       select name, '1.0.0', 'moderation', format('s3://%s/models/%s', $1::text, name), sha256('x'), 1
         from unnest(array['present', 'absent']) name`,
      [bucket.name],
    )
    await job.json(['backup'], { HMA_BUCKET: bucket.name })

    const report = await job.json(['restore-test'])

    expect(report).toMatchObject({
      objects: {
        rowsWithoutObject: [`ml.model absent 1.0.0: s3://${bucket.name}/models/absent`],
        objectsWithoutRow: ['models/unnamed'],
      },
    })
    expect(await metricsOf(job)).toMatchObject({ hma_restore_rows_without_object: 1 })
  })

  test('G1.3.2 everything that is not as it was, or does not work, is a finding, and nothing else', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await createUnusual(db)
    const older = await job.json<{ id: string }>(['backup'])
    await changeContents(db)
    const newer = await job.json<{ id: string }>(['backup'])
    await replaceContents(bucket, db, { of: newer.id, by: older.id })

    const tested = await job.run(['restore-test', '--json'])

    const report = JSON.parse(tested.stdout)
    expect([tested.exitCode, report.isProven]).toEqual([1, false])
    expect(subjectsOf(report.findings)).toEqual(await differencesOf(db))
  })

  test('G1.3.2 without a backup it fails, and says which bucket is empty', async ({ startJob, bucket }) => {
    const job = await startJob()

    const failed = await job.run(['restore-test'])

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(bucket.name) })
  })
})

describe('G1.3 The restore tests of the schedule', () => {
  test('G1.3.1 each asks for a restore test, and one that fails is a problem of its health', async ({
    project,
  }) => {
    await replaceBackups(project, 'if (process.argv[2] === "restore-test") process.exit(1)')
    const words = onlyJob(scheduleOf(project, 'backup'), 'restore-test')
    const scheduler = await startScheduler(project, words)

    await expect.poll(async () => Object.keys(await lastExitCodes(scheduler)), SOON).toEqual(['restore-test'])

    expect(await runsOf(project)).toEqual(['begins restore-test'])
    expect(await checkScheduler(project, scheduler)).toEqual({
      exitCode: 1,
      problems: [expect.stringMatching(/^restore-test ended with exit code 1 /)],
    })
  })

  test('G1.3.2 its backups are told the bucket that the stack makes for the application, whatever its name is', ({
    sharedProject,
  }) => {
    const names = [{}, { HMA_BUCKET: 'other' }].map((set) =>
      ['bucket', 'backup'].map((service) => environmentOf(sharedProject, service, set).HMA_BUCKET),
    )

    expect(names).toEqual([
      ['hma', 'hma'],
      ['other', 'other'],
    ])
  })
})
