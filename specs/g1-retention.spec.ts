import fc from 'fast-check'
import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import {
  backupOn,
  backupsKept,
  damageBackup,
  dayNumber,
  daysKept,
  daysOf,
  HISTORIES,
  POLICY,
  prune,
  pruneAsService,
  pruneDaily,
  retentionOf,
  rightAfter,
  storeBackup,
  storedIds,
  storePairs,
} from './vocabulary/retention.ts'

const idsOf = (backups: { id: string }[]) => backups.map(({ id }) => id)
const TODAY = dayNumber('2026-11-26')
const SEVERAL = fc.record({
  daily: fc.integer({ min: 1, max: 40 }),
  weekly: fc.integer({ min: 0, max: 30 }),
  monthly: fc.integer({ min: 0, max: 24 }),
})

describe('G1.2 Which backups stay', () => {
  test('G1.2.1 after years of days with outages exactly those of the model stay', async ({ project }) => {
    const planRetention = await retentionOf(project)

    fc.assert(
      fc.property(HISTORIES, SEVERAL, (runs, counts) => {
        const history = [...runs, backupOn((runs.at(-1)?.day ?? 0) + 1)]
        const policy = { ...POLICY, ...counts }
        const { keep } = planRetention(history.toReversed(), policy, rightAfter(history))
        expect(daysOf(keep.map(({ backup }) => backup))).toEqual(daysKept(history, policy))
      }),
      { numRuns: 40, endOnFailure: true },
    )
  })

  test('G1.2.1 pruned on each of 1500 days, the same stay as when pruned once at the end', async ({
    project,
  }) => {
    const planRetention = await retentionOf(project)
    const days = Array.from({ length: 1500 }, (_, at) => dayNumber('2023-01-01') + at)

    const kept = pruneDaily(planRetention, days, POLICY)

    expect(daysOf(kept)).toEqual(
      daysKept(
        days.map((day) => backupOn(day, 30)),
        POLICY,
      ),
    )
  })

  test.for([
    ['in the night when the clocks are put forward', '2026-03-27', '2026-03-31'],
    ['in the night when they are put back', '2026-10-23', '2026-10-27'],
    ['over a leap day', '2028-02-27', '2028-03-02'],
    ['over the end of a year', '2026-12-30', '2027-01-03'],
  ] as const)(
    'G1.2.1 each day has its backup, shortly after midnight and before, %s',
    async ([, first, last], { project }) => {
      const planRetention = await retentionOf(project)
      const length = dayNumber(last) - dayNumber(first) + 1
      const days = Array.from({ length }, (_, at) => dayNumber(first) + at)
      const history = days.flatMap((day) => [backupOn(day, 1), backupOn(day, 1438)])

      const { keep } = planRetention(
        history,
        { ...POLICY, weekly: 0, monthly: 0, newest: 1 },
        rightAfter(history),
      )

      expect(keep.map(({ backup }) => backup.takenAt).reverse()).toEqual(
        days.map((day) => backupOn(day, 1438).takenAt),
      )
    },
  )

  test('G1.2.1 the command keeps exactly those in the store, and writes a line for each that it removes', async ({
    project,
    bucket,
  }) => {
    const ids = await Promise.all(Array.from({ length: 9 }, (_, daysAgo) => storeBackup(bucket, daysAgo)))
    const options = ['--keep', '4,0,0']

    const announced = await prune(project, bucket, ...options, '--dry-run', '--json')
    const untouched = await storedIds(bucket)
    const removed = await prune(project, bucket, ...options, '--json')

    expect(JSON.parse(announced.stdout)).toMatchObject({ dryRun: true, removed: ids.slice(4) })
    expect(untouched).toEqual(ids)
    expect(JSON.parse(removed.stdout)).toMatchObject({ dryRun: false, removed: ids.slice(4) })
    expect(await storedIds(bucket)).toEqual(ids.slice(0, 4))
    expect(removed.stderr.split('\n')).toEqual(
      ids.slice(4).map((id) => `removed ${id}  verified  1000 bytes`),
    )
  })

  test('G1.2.1 the service keeps as many days, weeks and months as its variables say, of days in its zone', async ({
    project,
    bucket,
  }) => {
    const history = await storePairs(bucket, [9, 11], 14)
    const zone = 'Pacific/Kiritimati'

    const pruned = await pruneAsService(project, bucket, {
      HMA_BACKUP_KEEP: '5,8,2',
      HMA_BACKUP_ZONE: zone,
    })

    const policy = { ...POLICY, daily: 5, weekly: 8, monthly: 2, zone }
    expect(pruned.exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual(idsOf(backupsKept(history, policy)).toReversed())
  })

  test('G1.2.1 scripts/backup-prune.sh is that command, and exits as it does where there is no store', async ({
    project,
  }) => {
    const environment = await prepare(project)

    const withoutServices = ['--variant', 'test', '--dry-run', '--json']
    const failed = await project.run('scripts/backup-prune.sh', withoutServices, { environment })

    expect(failed.exitCode).toBe(3)
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { exitCode: 3 } })
  })

  test('G1.2.1 it removes what an upload left, and no backup that it cannot understand', async ({
    project,
    bucket,
  }) => {
    const newest = await storeBackup(bucket, 0)
    const damaged = await storeBackup(bucket, 40)
    await storeBackup(bucket, 30, { manifest: false })
    await damageBackup(bucket, damaged)

    const { exitCode } = await prune(project, bucket, '--keep', '1,0,0')

    expect(exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual([newest, damaged])
  })
})

describe('G1.2 What retention never does', () => {
  test('G1.2.2 none of the three newest verified backups is removed, whatever their age and the policy', async ({
    project,
  }) => {
    const planRetention = await retentionOf(project)
    const policy = { ...POLICY, daily: 1, weekly: 0, monthly: 0 }

    fc.assert(
      fc.property(HISTORIES, (runs) => {
        const history = [...runs, backupOn((runs.at(-1)?.day ?? 0) + 500)]
        const verified = history.filter(({ isVerified }) => isVerified)
        const { remove } = planRetention(history, policy, rightAfter(history))
        expect(verified.slice(-3).filter((backup) => remove.includes(backup))).toEqual([])
      }),
      { numRuns: 40, endOnFailure: true },
    )
  })

  test.for([
    ['is incomplete', { isVerified: false, hasManifest: false }, 0],
    ['is damaged', { isVerified: false }, 0],
    ['has less than half the usual size', { bytes: 499 }, 0],
    ['is of tomorrow', {}, 24 * 60],
    ['is six minutes ahead', {}, 7],
  ] as const)(
    'G1.2.2 nothing is removed where the newest backup %s',
    async ([, newest, minutesBefore], { project }) => {
      const planRetention = await retentionOf(project)
      const history = [-3, -2, -1].map((ago) => backupOn(TODAY + ago))
      const now = new Date(rightAfter([backupOn(TODAY)]).getTime() - minutesBefore * 60_000)

      expect(() => planRetention([...history, backupOn(TODAY, 150, newest)], POLICY, now)).toThrow(
        expect.objectContaining({ exitCode: 4 }),
      )
    },
  )

  test('G1.2.2 the other side of each bound is accepted', async ({ project }) => {
    const planRetention = await retentionOf(project)
    const history = [-3, -2, -1].map((ago) => backupOn(TODAY + ago))
    const half = backupOn(TODAY, 150, { bytes: 500 })
    const tiny = backupOn(TODAY, 150, { bytes: 1 })
    const minutesAhead = new Date(rightAfter([half]).getTime() - 5 * 60_000)

    const plans = [
      planRetention([...history, half], POLICY, minutesAhead),
      planRetention([...history, tiny], { ...POLICY, acceptSize: true }, rightAfter([tiny])),
      planRetention([], POLICY, new Date()),
    ]

    expect(plans.map(({ keep, remove }) => [keep.length, remove.length])).toEqual([
      [4, 0],
      [4, 0],
      [0, 0],
    ])
  })

  test('G1.2.2 a few large backups of the past do not make the usual size suspicious', async ({
    project,
  }) => {
    const planRetention = await retentionOf(project)
    const sizes = [1000, 1000, 1000, 1000, 90_000, 90_000, 90_000]
    const history = sizes.map((bytes, at) => backupOn(TODAY + at - 7, 150, { bytes }))
    const newest = backupOn(TODAY, 150, { bytes: 600 })

    expect(planRetention([...history, newest], POLICY, rightAfter([newest])).remove).toEqual([history[0]])
  })

  test('G1.2.2 the command leaves the three newest', async ({ project, bucket }) => {
    const ids = await Promise.all([0, 100, 200, 300, 400].map((daysAgo) => storeBackup(bucket, daysAgo)))

    const { exitCode } = await prune(project, bucket, '--keep', '1,0,0')

    expect(exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual(ids.slice(0, 3))
  })

  test('G1.2.2 a refused command changes nothing in the store, and says why in one line', async ({
    project,
    bucket,
  }) => {
    await Promise.all([1, 2, 3, 4, 5, 6].map((daysAgo) => storeBackup(bucket, daysAgo)))
    await storeBackup(bucket, 0, { manifest: false })
    const before = await storedIds(bucket)

    const refused = await prune(project, bucket, '--keep', '1,0,0')

    expect(refused).toMatchObject({ exitCode: 4, stdout: '' })
    expect(refused.stderr).toMatch(/^backup-prune: [^\n]+ Next: [^\n]+$/)
    expect(await storedIds(bucket)).toEqual(before)
  })
})
