import { describe, expect } from '../harness/index.ts'
import { endRuns } from './vocabulary/backup-scripts.ts'
import { filesLeft, type Job, statesOf, test } from './vocabulary/backups.ts'
import { buildImages, prepare } from './vocabulary/compose.ts'
import {
  addLargeTable,
  disconnectAfter,
  endedBy,
  FILLER,
  fillDiskWhileDecoding,
  killedAt,
  LATE_TABLE,
  lockTable,
  metricsOf,
  silentInDownload,
  startWaitingBackup,
} from './vocabulary/interruptions.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { unfinishedUploads } from './vocabulary/stored-backups.ts'

const SLOW = { timeout: 180_000 }
const UNTIL_WAITING = { timeout: 30_000, interval: 50 }
const TERMINATE = `select pg_terminate_backend(pid) as ended from pg_stat_activity
  where datname = current_database() and application_name = $1`
const WHOLE = expect.objectContaining({ isVerified: true })
const DUMP = expect.stringContaining('/dump')
const UNDESCRIBED = expect.objectContaining({ isVerified: false, hasManifest: false })
const disconnectInUpload = (job: Job) => disconnectAfter(job, 10 * 2 ** 20)
const isFailure = (exitCode: number) => exitCode > 0

describe('G1.1 A backup that does not come to its end', SLOW, () => {
  // How many backups the store has then, and after the next run: a dump that was whole is not lost.
  test.for([
    ['while it checks', 0, 1],
    ['in the middle of the dump', 0, 1],
    ['while it decodes', 0, 1],
    ['as the upload begins', 0, 2],
    ['before the manifest is stored', 0, 2],
    ['after the manifest was stored', 1, 2],
  ] as const)(
    'G1.1.2 killed %s it leaves no half backup, and the next one succeeds',
    async ([moment, then, later], { startJob }) => {
      const job = await startJob()

      const killed = await killedAt(job, moment)
      const published = (await statesOf(job)).filter(({ hasManifest }) => hasManifest)
      const next = await job.run(['backup'])

      expect([killed.exitCode, published, next.exitCode]).toEqual([137, Array(then).fill(WHOLE), 0])
      expect([await statesOf(job), await filesLeft(job)]).toEqual([Array(later).fill(WHOLE), []])
    },
  )

  test('G1.1.2 killed in the second part of a large upload it loses nothing: the next run ends it', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await addLargeTable(db, 24)

    const killed = await killedAt(job, 'in the second part of a large upload')
    const [published, begun] = [await statesOf(job), await unfinishedUploads(bucket)]
    const next = await job.run(['backup'])

    expect([killed.exitCode, published, next.exitCode]).toEqual([137, [], 0])
    expect([await statesOf(job), await filesLeft(job)]).toEqual([Array(2).fill(WHOLE), []])
    expect([begun, await unfinishedUploads(bucket)]).toEqual([[expect.stringContaining('/dump')], []])
  })

  test('G1.1.2 a full disk is refused before the dump where it can be foreseen', async ({ startJob }) => {
    const job = await startJob({ disk: 'rw,size=16m,uid=1000,gid=1000' })

    const refused = await job.run(['backup'])

    expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(/MiB free/) })
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.2 a disk that becomes full leaves the backup before it, and the metric of a failure', async ({
    startJob,
    db,
  }) => {
    const job = await startJob({ disk: 'rw,size=64m,uid=1000,gid=1000' })
    await job.json(['backup'])
    await addLargeTable(db, 64)

    const failed = await job.run(['backup'])

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ENOSPC') })
    expect(await statesOf(job)).toEqual([expect.objectContaining({ isVerified: true })])
    expect([await filesLeft(job), await metricsOf(job)]).toEqual([
      [],
      expect.objectContaining({ hma_backup_last_failure_timestamp_seconds: expect.any(Number) }),
    ])
  })

  test('G1.1.2 a disk that is full once the dump is whole keeps nothing of it', async ({ startJob }) => {
    const job = await startJob({ disk: 'rw,size=64m,uid=1000,gid=1000' })

    const failed = await job.run(['backup'], await fillDiskWhileDecoding(job))
    const [published, left] = [await statesOf(job), await filesLeft(job)]
    await job.shell(`rm ${FILLER}`)
    const next = await job.run(['backup'])

    expect(failed.exitCode).toSatisfy(isFailure)
    expect([published, left, next.exitCode]).toEqual([[], [FILLER], 0])
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[WHOLE], []])
  })

  test.for([
    ['the dump', 'pg_dump'],
    ['the snapshot', 'hma backup'],
  ] as const)(
    'G1.1.2 a database that goes away for %s leaves nothing, whatever the rest then does',
    async ([, session], { startJob, db }) => {
      const job = await startJob()
      const lock = await lockTable(db, LATE_TABLE)
      const running = job.run(['backup', '--lock-wait', '100'])
      await expect.poll(() => countLockWaiters(db), UNTIL_WAITING).toBe(2)

      const lost = await db.query(TERMINATE, [session])
      await lock[Symbol.asyncDispose]()

      expect([lost, (await running).exitCode]).toEqual([[{ ended: true }], expect.toSatisfy(isFailure)])
      expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
    },
  )

  // The first is read before the snapshot, the second when it is opened, the last by pg_dump alone.
  test.for([
    ['ops.schema_migration', '55P03'],
    ['ops.environment', '55P03'],
    [LATE_TABLE, 'pg_dump'],
  ] as const)(
    'G1.1.2 %s, which is locked, ends it within its limit, without a file',
    async ([table, reason], { startJob, db }) => {
      const job = await startJob()
      await using _ = await lockTable(db, table)

      const failed = await job.shell('timeout 25 node ops/backup/main.ts backup --lock-wait 1')

      expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) })
      expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
    },
  )

  test.for([
    ['the database', { HMA_DATABASE_URL: 'postgres://hma_backup@127.0.0.1:1/hma' }],
    ['the right password', { HMA_DATABASE_PASSWORD: 'wrong' }],
    ['the store', { HMA_STORE_URL: 'http://127.0.0.1:1' }],
  ] as const)(
    'G1.1.2 without %s it exits with 3, and the log has no password',
    async ([, variables], { startJob, db }) => {
      const job = await startJob()

      const failed = await job.run(['backup'], variables)

      expect(failed.exitCode).toBe(3)
      expect(failed.stderr).not.toContain(db.passwords.hma_backup)
      expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
    },
  )

  // How many MiB the database has more; what the store has then, and which uploads were begun. One that is
  // silent is given up after half a minute, and a job that waits for it longer is ended with 124.
  test.for([
    ['goes away during the upload', 24, disconnectInUpload, [], [DUMP]],
    ['falls silent while the dump is read back', 0, silentInDownload, [UNDESCRIBED], []],
  ] as const)(
    'G1.1.2 where the store %s, the dump is kept here, and the next run uploads it',
    async ([, mebibytes, startProxy, then, begun], { startJob, db, bucket }) => {
      const job = await startJob()
      if (mebibytes > 0) await addLargeTable(db, mebibytes)
      const url = await startProxy(job)

      const failed = await job.shell(`HMA_STORE_URL=${url} timeout 90 node ops/backup/main.ts backup`)
      const [published, uploads] = [await statesOf(job), await unfinishedUploads(bucket)]
      const next = await job.run(['backup'])

      expect([failed.exitCode, published, next.exitCode]).toEqual([3, then, 0])
      expect([uploads, await unfinishedUploads(bucket)]).toEqual([begun, []])
      expect([await statesOf(job), await filesLeft(job)]).toEqual([Array(2).fill(WHOLE), []])
    },
  )

  test('G1.1.2 scripts/backup.sh exits as its job does where there is no database or the job is killed, and fails where compose is', async ({
    project,
  }) => {
    const environment = await prepare(project)
    await buildImages(project)
    const withoutServices = ['--variant', 'test', '--json']
    const backUp = async (end?: string) => {
      const path = end === undefined ? {} : { PATH: await endRuns(project, end) }
      return project.run('scripts/backup.sh', withoutServices, { environment: { ...environment, ...path } })
    }

    const failed = await backUp()
    const [killed, composeKilled] = [await backUp('exit 137'), await backUp('kill -s KILL $$')]

    expect([failed.exitCode, killed.exitCode]).toEqual([3, 137])
    expect(composeKilled.exitCode).toSatisfy(isFailure)
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { exitCode: 3 } })
  })

  test('G1.1.2 asked to end by a signal, or with a decoding that is killed, it fails, and nothing is published', async ({
    startJob,
  }) => {
    const job = await startJob()

    const ended = [await endedBy(job, 'TERM'), await endedBy(job, 'INT')]
    const failed = await job.run(['backup'], await job.replace('pg_restore', 'kill -s KILL $$'))

    expect([...ended, failed].map(({ exitCode }) => exitCode)).toEqual([143, 130, 1])
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

  test('G1.1.2 a second run at the same time is refused, and the first one ends well', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    const first = await startWaitingBackup(job, db)

    const second = await job.run(['backup'])

    expect(second).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('running') })
    expect((await first.goOn()).exitCode).toBe(0)
    expect(await statesOf(job)).toHaveLength(1)
  })
})
