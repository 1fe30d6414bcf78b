import { describe, expect } from '../harness/index.ts'
import { test } from './vocabulary/backups.ts'
import { subjectsOf } from './vocabulary/differences.ts'
import {
  createUnusable,
  flipInDump,
  halveDump,
  OF_A_PROVEN_RESTORE,
  protectMore,
  registerModels,
  removeObject,
  reportOnDisk,
  UNPROTECTED,
  UNUSABLE,
} from './vocabulary/findings.ts'
import { metricsOf } from './vocabulary/interruptions.ts'
import { keysIn, readObject, replaceContents, writeObject } from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 240_000 }

describe('G1.3 What a restore test finds', SLOW, () => {
  test('G1.3.2 a sequence that is behind its column and an index that is not valid are findings, although they were so at the backup', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    await createUnusable(db)
    await job.json(['backup'])

    const { exitCode, stdout } = await job.run(['restore-test', '--json'])

    const report = JSON.parse(stdout)
    expect([exitCode, report.isProven]).toEqual([1, false])
    expect(subjectsOf(report.findings).sort()).toEqual(UNUSABLE)
  })

  test('G1.3.2 a policy, an event trigger and a default privilege that the dump does not have are findings, and nothing else is', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const older = await job.json<{ id: string }>(['backup'])
    await protectMore(db)
    const newer = await job.json<{ id: string }>(['backup'])
    await replaceContents(bucket, db, { of: newer.id, by: older.id })

    const { exitCode, stdout } = await job.run(['restore-test', '--json'])

    const report = JSON.parse(stdout)
    expect([exitCode, report.isProven]).toEqual([1, false])
    expect(report.findings).toEqual(UNPROTECTED.map((subject) => expect.stringContaining(subject)))
  })

  test('G1.3.2 the report of a restore that differs is kept in the store and on the disk, and no metric tells of a proven one', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await db.query('alter table auth.sessions add constraint unproven check (true) not valid')
    const { id } = await job.json<{ id: string }>(['backup'])

    const { exitCode, stdout } = await job.run(['restore-test', '--json'])

    const report = JSON.parse(stdout)
    const findings = [expect.stringContaining('unproven')]
    expect(exitCode).toBe(1)
    expect(report).toMatchObject({ backup: id, isProven: false, findings })
    const stored = readObject(bucket, `${db.name}/${id}/restore-test.json`)
    await expect(stored.then((text) => JSON.parse(`${text}`))).resolves.toEqual(report)
    expect(await reportOnDisk(job, id)).toEqual(report)
    const metrics = Object.keys(await metricsOf(job))
    expect(metrics).toContain('hma_backup_last_success_timestamp_seconds')
    expect(metrics.filter((name) => OF_A_PROVEN_RESTORE.includes(name))).toEqual([])
  })

  test.for([
    ['downloaded', flipInDump],
    ['restored', halveDump],
  ] as const)(
    'G1.3.2 that a backup cannot be %s is in a report in the store and on the disk, and the prune refuses because of it',
    async ([, damage], { startJob, db, bucket }) => {
      const job = await startJob()
      const { id } = await job.json<{ id: string }>(['backup'])
      await damage(bucket, db, id)

      const tested = await job.run(['restore-test'])
      const pruned = await job.run(['backup-prune'])

      expect([tested.exitCode, pruned.exitCode]).toEqual([1, 4])
      const report = await reportOnDisk(job, id)
      expect(report).toMatchObject({ backup: id, isProven: false, rtoSeconds: null, objects: null })
      expect(report).toMatchObject({ findings: [expect.stringMatching(/./)] })
      const stored = readObject(bucket, `${db.name}/${id}/restore-test.json`)
      await expect(stored.then((text) => JSON.parse(`${text}`))).resolves.toEqual(report)
    },
  )

  test('G1.3.2 a restore test whose own server does not start says nothing against the backup', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    const { id } = await job.json<{ id: string }>(['backup'])

    const tested = await job.run(['restore-test'], await job.replace('initdb', 'exit 1'))
    const pruned = await job.run(['backup-prune'])

    expect([tested.exitCode, pruned.exitCode]).toEqual([3, 0])
    expect(await reportOnDisk(job, id)).toBeUndefined()
    const files = ['dump', 'manifest.json'].map((file) => `${db.name}/${id}/${file}`)
    expect((await keysIn(bucket)).sort()).toEqual(files)
  })

  test('G1.3.2 an object that was deleted is missing for the row that names it, although its versions are there', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await registerModels(db, bucket, ['deleted', 'present'])
    const keys = ['models/deleted', 'models/present', 'models/forgotten']
    for (const key of [...keys, ...keys]) await writeObject(bucket, key, 'x')
    for (const key of ['models/deleted', 'models/forgotten']) await removeObject(bucket, key)
    await job.json(['backup'], { HMA_BUCKET: bucket.name })

    const report = await job.json(['restore-test'])

    expect(report).toMatchObject({
      objects: {
        rowsWithoutObject: [`ml.model deleted 1.0.0: s3://${bucket.name}/models/deleted`],
        objectsWithoutRow: [],
      },
    })
  })
})
