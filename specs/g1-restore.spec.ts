import { describe, expect } from '../harness/index.ts'
import { test } from './vocabulary/backups.ts'
import { changeContents, createUnusual, differencesOf, subjectsOf } from './vocabulary/differences.ts'
import {
  asSuperuser,
  closedDatabases,
  databasesOf,
  intoServer,
  startFreshServer,
} from './vocabulary/fresh-server.ts'
import { metricsOf } from './vocabulary/interruptions.ts'
import { readObject, replaceContents, writeObject } from './vocabulary/stored-backups.ts'
import { trapVerification } from './vocabulary/traps.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 240_000 }

interface Report {
  backup: string
  testedAt: string
  rpoSeconds: number
  rtoSeconds: number
}

describe('G1.3 The restore test', SLOW, () => {
  test('G1.3.2 it restores the newest backup, finds it equal, and reports how old it was and how long it took', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await job.json(['backup'])
    const newest = await job.json<{ id: string; takenAt: string }>(['backup'])

    const report = await job.json<Report>(['restore-test'])

    expect(report).toMatchObject({ backup: newest.id, isProven: true, findings: [] })
    const age = (Date.parse(report.testedAt) - Date.parse(newest.takenAt)) / 1000
    expect(report.rpoSeconds).toBe(Math.round(age))
    expect(report.rtoSeconds).toBeGreaterThan(0.5)
    expect(JSON.parse(`${await readObject(bucket, `${db.name}/${newest.id}/restore-test.json`)}`)).toEqual(
      report,
    )
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

describe('G1.3 A restore', SLOW, () => {
  test('G1.3.3 a live database is replaced only when it is named twice, and kept under another name', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    const restore = (...words: string[]) =>
      job.run(['restore', '--database', 'live', ...words], intoServer(server.host, db))
    await insertUser(db)
    const { id } = await job.json<{ id: string }>(['backup'])
    await restore()
    await asSuperuser(server, 'live', 'delete from auth.users')

    const refusals = [await restore(), await restore('--confirm', 'postgres')]
    const untouched = await asSuperuser(server, 'live', 'select count(*) from auth.users')
    const confirmed = await restore('--confirm', 'live')

    expect(refusals.map(({ exitCode }) => exitCode)).toEqual([4, 4])
    expect(refusals[0]?.stderr).toMatch(
      /live, marked test: \d+ tables, about \d+ rows, last audited change 20/,
    )
    expect([untouched.stdout, confirmed.exitCode]).toEqual(['0\n', 0])
    expect((await asSuperuser(server, 'live', 'select count(*) from auth.users')).stdout).toBe('1\n')
    const kept = `live_before_${id.toLowerCase()}`
    expect([await databasesOf(server), await closedDatabases(server)]).toEqual([['live', kept], [kept]])
  })

  test('B1.0.10 the comparison after a restore calls no restored function as a superuser', async ({
    startJob,
    db,
    server,
  }) => {
    const job = await startJob()
    await trapVerification(db)
    await job.json(['backup'])

    const { exitCode } = await job.run(['restore', '--database', 'live'], intoServer(server.host, db))

    const superusers = `select string_agg(rolname, ' ') from pg_roles where rolsuper`
    expect(exitCode).toBe(0)
    expect((await asSuperuser(server, 'live', superusers)).stdout).toBe('postgres\n')
  })

  test('G1.3.3 a restore that fails leaves the databases as they were', async ({
    startJob,
    db,
    bucket,
    server,
  }) => {
    const job = await startJob()
    const restore = (...words: string[]) =>
      job.run(['restore', '--database', 'live', ...words], intoServer(server.host, db))
    const older = await job.json<{ id: string }>(['backup'])
    await restore()
    await insertUser(db)
    const newer = await job.json<{ id: string }>(['backup'])
    await replaceContents(bucket, db, { of: newer.id, by: older.id })

    const failed = await restore('--confirm', 'live')

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('auth.users has 0 rows') })
    expect(await databasesOf(server)).toEqual(['live'])
    expect((await asSuperuser(server, 'live', 'select count(*) from auth.users')).stdout).toBe('0\n')
  })

  test('G1.3.3 a server without PostGIS is refused, and gets no database', async ({
    startJob,
    db,
    testContainer,
  }) => {
    const job = await startJob()
    const server = await startFreshServer(testContainer, 'postgres')
    await job.json(['backup'])

    const refused = await job.run(['restore', '--database', 'live'], intoServer(server.host, db))

    expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('extension postgis') })
    expect(await databasesOf(server)).toEqual([])
  })
})
