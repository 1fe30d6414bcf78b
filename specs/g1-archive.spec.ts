import { describe, expect, test } from '../harness/index.ts'
import {
  archiveAll,
  archiveMetric,
  ask,
  backUpFully,
  checkArchive,
  commitRow,
  expectedUsers,
  functionsGrantedTo,
  loseDisk,
  missingInArchive,
  OPTED_IN,
  otherAuthority,
  ownAuthority,
  readWithAuthority,
  restoreTo,
  rowsOf,
  runningServices,
  startArchive,
  startService,
  stopService,
  whileStopped,
  writeSegments,
} from './vocabulary/archive.ts'
import { accessOf } from './vocabulary/bucket.ts'
import { askPostgres } from './vocabulary/clients.ts'
import { collectFrom, targetsOf, valuesByJob } from './vocabulary/observed-stack.ts'
import { membershipsOf } from './vocabulary/rare-grants.ts'
import { longestPauses, scheduleOf } from './vocabulary/schedule.ts'
import { boot, healthOf } from './vocabulary/stack.ts'
import { anonymousStatus, asApplication, asArchive, asBackup, asRoot } from './vocabulary/store.ts'

/** Three restores, on a busy machine. */
const SLOW = { timeout: 600_000 }
const SOON = { timeout: 90_000, interval: 1000 }
/** The service asks each minute, and the engine believes six of its answers. */
const SEEN_BY_THE_ENGINE = { timeout: 150_000, interval: 1000 }
/** What its service says of its last check. */
const CHECK = 'hma_schedule_last_exit_code{exported_job="archive-check"}'
/** Segments of 16 MiB: what a quiet database writes in ten minutes. */
const LONG_OUTAGE = 10

describe('G1.4 The archive and its store', SLOW, () => {
  test('G1.4.1 without the opt-in nothing is archived, and there is no bucket for it', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, [], ['ml'])
    using store = await asRoot(sharedProject)

    expect(await ask(sharedProject, 'show archive_mode')).toBe('off')
    expect((await runningServices(sharedProject)).filter((name) => name.startsWith('archive'))).toEqual([])
    expect(await store.buckets()).toEqual(['hma', 'hma-backups'])
  })

  test('G1.4.1 beside reading, its login may begin and end a backup, and nothing else', async ({ db }) => {
    expect(await functionsGrantedTo(db, 'hma_backup')).toEqual([
      'pg_backup_start(text,boolean)',
      'pg_backup_stop(boolean)',
      'pg_create_restore_point(text)',
      'pg_switch_wal()',
    ])
    expect(await membershipsOf(db, 'hma_backup')).toEqual(['pg_read_all_data', 'pg_read_all_settings'])
  })

  test('G1.4.1 its key has access to its own bucket alone', async ({ sharedProject }) => {
    await startArchive(sharedProject)
    using archive = await asArchive(sharedProject)
    const denied = 'AccessDenied'

    expect(await archive.list('hma-archive')).toBe('listed')
    expect(await Promise.all(['hma', 'hma-backups'].map((bucket) => archive.list(bucket)))).toEqual([
      denied,
      denied,
    ])
    expect(await archive.put('hma', 'x', 'x')).toBe(denied)
    await archive.put('hma-archive', 'kept', 'x')
    expect(await archive.attemptForbidden('hma-archive', 'kept')).toEqual({
      'removes a version': denied,
      'suspends versioning': denied,
      'lets objects expire': denied,
      'changes the policy': denied,
      'removes the bucket': denied,
    })
  })

  test('G1.4.1 no other key of the store lists, writes, reads or removes what is in its bucket', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    using archive = await asArchive(sharedProject)
    using application = await asApplication(sharedProject)
    using backup = await asBackup(sharedProject)
    await archive.put('hma-archive', 'foreign', 'x')

    const others = await Promise.all(
      [application, backup].map((key) => key.attemptAll('hma-archive', 'foreign')),
    )
    const anonymous = await Promise.all(
      ['GET', 'PUT', 'DELETE'].map((method) => anonymousStatus(sharedProject, 'hma-archive/foreign', method)),
    )

    expect(others).toEqual(Array(2).fill(Array(4).fill('AccessDenied')))
    expect(anonymous).toEqual([403, 403, 403])
    expect((await accessOf(sharedProject)).users).toEqual(await expectedUsers(sharedProject))
    expect(await archive.attemptAll('hma-archive', 'foreign')).toEqual(['listed', 'done', 'tried', 'done'])
  })

  test('G1.4.1 pgBackRest accepts no store whose certificate another authority has signed', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)

    expect(await readWithAuthority(sharedProject, await ownAuthority(sharedProject))).toBe(0)
    expect(await readWithAuthority(sharedProject, otherAuthority())).not.toBe(0)
  })

  test('G1.4.1 what a quiet database commits is archived after a minute', async ({ sharedProject }) => {
    await startArchive(sharedProject)

    expect(await ask(sharedProject, 'show archive_timeout')).toBe('1min')
  })

  test('G1.4.1 its service asks each minute whether the log is archived, and backs up every day', ({
    sharedProject,
  }) => {
    const hours = longestPauses(scheduleOf(sharedProject, 'archive'))

    expect(hours).toEqual({ 'archive-backup': 24, 'archive-check': 1 / 60 })
  })

  test('G1.4.1 while it is down the database commits, check, metric and Prometheus tell, and the archive catches up', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    await archiveAll(sharedProject)
    expect(await collectFrom(sharedProject, OPTED_IN)).toMatchObject({ exitCode: 0 })
    expect([await checkArchive(sharedProject), await archiveMetric(sharedProject, 'waiting_files')]).toEqual([
      0, 0,
    ])

    await stopService(sharedProject, 'minio')
    const moment = await commitRow(sharedProject, 'while it was down')
    const files = await writeSegments(sharedProject, LONG_OUTAGE)
    await expect.poll(() => checkArchive(sharedProject), SOON).toBe(1)

    expect(moment).toMatch(/^20/)
    expect(await archiveMetric(sharedProject, 'waiting_files')).toBeGreaterThanOrEqual(LONG_OUTAGE)
    expect(await archiveMetric(sharedProject, 'waiting_seconds')).toBeGreaterThan(0)
    await expect.poll(() => healthOf(sharedProject, 'archive'), SEEN_BY_THE_ENGINE).toBe('unhealthy')
    expect(await targetsOf(sharedProject)).toContain('archive: up')
    expect(await valuesByJob(sharedProject, 'hma_archive_waiting_seconds > 0')).toEqual({
      postgres: expect.any(Number),
    })
    expect(await valuesByJob(sharedProject, CHECK)).toEqual({ archive: 1 })
    await startService(sharedProject, 'minio')
    await expect.poll(() => healthOf(sharedProject, 'minio'), SOON).toBe('healthy')
    await archiveAll(sharedProject)
    await expect.poll(() => healthOf(sharedProject, 'archive'), SEEN_BY_THE_ENGINE).toBe('healthy')
    expect([await checkArchive(sharedProject), await archiveMetric(sharedProject, 'waiting_files')]).toEqual([
      0, 0,
    ])
    expect(await missingInArchive(sharedProject, files)).toEqual([])
  })
})

describe('G1.4 A restore to a moment', SLOW, () => {
  test.for([
    ['without a time zone', '2026-11-26 12:00:00', 2],
    ['of the future', '2199-01-01 00:00:00+00', 4],
    ['before the first backup', '2020-01-01 00:00:00+00', 4],
  ] as const)(
    'G1.4.1 a moment %s is refused, and nothing changes',
    async ([, moment, exitCode], { sharedProject }) => {
      await startArchive(sharedProject)
      await commitRow(sharedProject, 'present')
      const before = await ask(sharedProject, 'select pg_postmaster_start_time()::text')

      const refused = await restoreTo(sharedProject, moment, '--confirm', 'hma')

      expect(refused).toMatchObject({
        exitCode,
        result: { error: { message: expect.stringContaining(moment.slice(0, 10)) } },
      })
      expect(await ask(sharedProject, 'select pg_postmaster_start_time()::text')).toBe(before)
    },
  )

  test('G1.4.1 after the database lost its disk, all committed until the chosen moment is there, and nothing later', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    await ask(sharedProject, 'drop table if exists archived')
    await commitRow(sharedProject, 'earlier')
    const moment = await commitRow(sharedProject, 'last')
    await commitRow(sharedProject, 'later')
    await archiveAll(sharedProject)
    await loseDisk(sharedProject)

    const restored = await restoreTo(sharedProject, moment)

    expect(restored).toMatchObject({ exitCode: 0, result: { keptAs: null, isBackedUp: true } })
    expect(await rowsOf(sharedProject)).toBe('earlier last')
    expect(await askPostgres(sharedProject, 'hma_app', 'app-password', 'select 1')).toBe(1)
  })

  test('G1.3.3 a restore to a moment is refused where there are data, unless it names their database', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    await ask(sharedProject, 'drop table if exists archived')
    const moment = await commitRow(sharedProject, 'first')
    await commitRow(sharedProject, 'second')

    const refused = [
      await restoreTo(sharedProject, moment),
      await restoreTo(sharedProject, moment, '--confirm', 'postgres'),
      // It has its data, although nobody can ask it.
      await whileStopped(sharedProject, 'postgres', () => restoreTo(sharedProject, 'latest')),
    ]

    expect(refused.map(({ exitCode }) => exitCode)).toEqual([4, 4, 4])
    expect(await rowsOf(sharedProject)).toBe('first second')
  })

  test('G1.4.1 a live database goes back to a wrong moment, and then to the right one, which is before its newest full backup', async ({
    sharedProject,
  }) => {
    await startArchive(sharedProject)
    await ask(sharedProject, 'drop table if exists archived')
    const wrong = await commitRow(sharedProject, 'first')
    const right = await commitRow(sharedProject, 'second')
    await commitRow(sharedProject, 'third')

    const confirmed = await restoreTo(sharedProject, wrong, '--confirm', 'hma')
    const confirmedRows = await rowsOf(sharedProject)
    await commitRow(sharedProject, 'of the wrong history')
    // Not earlier: it archives what was committed before it, and the first restore has to do that itself.
    expect(await backUpFully(sharedProject)).toBe(0)
    const again = await restoreTo(sharedProject, right, '--confirm', 'hma')

    const kept = { keptAs: expect.stringContaining('/before_') }
    expect([confirmed, again].map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect([confirmed.result, again.result]).toMatchObject([kept, kept])
    expect([confirmedRows, await rowsOf(sharedProject)]).toEqual(['first', 'first second'])
  })
})
