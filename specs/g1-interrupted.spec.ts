import { describe, expect } from '../harness/index.ts'
import { filesLeft, statesOf, test } from './vocabulary/backups.ts'
import { prepare } from './vocabulary/compose.ts'
import {
  addLargeTable,
  cutAfter,
  killedAt,
  LATE_TABLE,
  lockTable,
  MOMENTS,
  metricsOf,
} from './vocabulary/interruptions.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { unfinishedUploads } from './vocabulary/stored-backups.ts'
import { insertUser } from './vocabulary/users.ts'

const SLOW = { timeout: 180_000 }
const UNTIL_WAITING = { timeout: 30_000, interval: 50 }
const TERMINATE = `select pg_terminate_backend(pid) as ended from pg_stat_activity
  where datname = current_database() and application_name = $1`
const isFailure = (exitCode: number) => exitCode > 0

describe('G1.1 A backup that does not come to its end', SLOW, () => {
  test.for(MOMENTS)(
    'G1.1.2 killed %s it leaves no half backup, and the next one succeeds',
    async (moment, { startJob }) => {
      const job = await startJob()

      const killed = await killedAt(job, moment)
      const published = (await statesOf(job)).filter(({ hasManifest }) => hasManifest)
      const next = await job.run(['backup'])

      expect([killed.exitCode, published, next.exitCode]).toEqual([137, [], 0])
      expect((await statesOf(job)).filter(({ isVerified }) => !isVerified)).toEqual([])
      expect(await filesLeft(job)).toEqual([])
    },
  )

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

  test('G1.1.2 a locked table ends it within its limit, without a file', async ({ startJob, db }) => {
    const job = await startJob()
    await using _ = await lockTable(db, LATE_TABLE)

    const failed = await job.run(['backup', '--lock-wait', '1'])

    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('pg_dump') })
    expect([await statesOf(job), await filesLeft(job)]).toEqual([[], []])
  })

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

  test('G1.1.2 a store that goes away during the upload keeps the dump here, and the next run uploads it', async ({
    startJob,
    db,
    bucket,
  }) => {
    const job = await startJob()
    await addLargeTable(db, 24)
    const HMA_STORE_URL = await cutAfter(job, 10 * 2 ** 20)

    const failed = await job.run(['backup'], { HMA_STORE_URL })
    const [published, begun] = [await statesOf(job), await unfinishedUploads(bucket)]
    const next = await job.run(['backup'])

    expect([failed.exitCode, published, next.exitCode]).toEqual([3, [], 0])
    expect(await statesOf(job)).toEqual(Array(2).fill(expect.objectContaining({ isVerified: true })))
    expect([begun, await unfinishedUploads(bucket), await filesLeft(job)]).toEqual([
      [expect.stringContaining('/dump')],
      [],
      [],
    ])
  })

  test('G1.1.2 scripts/backup.sh exits as its job does where there is no database', async ({ project }) => {
    const environment = await prepare(project)

    const withoutServices = ['--variant', 'test', '--json']
    const failed = await project.run('scripts/backup.sh', withoutServices, { environment })

    expect(failed.exitCode).toBe(3)
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { exitCode: 3 } })
  })

  test('G1.1.2 a second run at the same time is refused, and the first one ends well', async ({
    startJob,
    db,
  }) => {
    const job = await startJob()
    const lock = await lockTable(db, LATE_TABLE)
    const first = job.run(['backup', '--lock-wait', '100'])
    await expect.poll(() => countLockWaiters(db), UNTIL_WAITING).toBeGreaterThan(0)

    const second = await job.run(['backup'])
    await lock[Symbol.asyncDispose]()

    expect(second).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('running') })
    expect((await first).exitCode).toBe(0)
    expect(await statesOf(job)).toHaveLength(1)
  })

  test('G1.0.1 what is committed during the dump is in none of its tables', async ({ startJob, db }) => {
    const job = await startJob()
    const before = await db.count('audit.audit_log')
    const lock = await lockTable(db, LATE_TABLE)
    const running = job.json<{ id: string }>(['backup', '--lock-wait', '100'])
    await expect.poll(() => countLockWaiters(db), UNTIL_WAITING).toBeGreaterThan(0)

    await insertUser(db)
    await lock[Symbol.asyncDispose]()
    await running

    expect(await job.json(['restore-test'])).toMatchObject({ isProven: true, findings: [] })
    expect(await db.count('audit.audit_log')).toBeGreaterThan(before)
  })
})
