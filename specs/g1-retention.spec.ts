import fc from 'fast-check'
import { describe, expect, test } from '../harness/index.ts'
import { buildImages, prepare } from './vocabulary/compose.ts'
import {
  backupOn,
  backupsKept,
  dayAfter,
  dayNumber,
  daysKept,
  daysOf,
  HISTORIES,
  NO_COUNTEREXAMPLE,
  POLICY,
  pruneDaily,
  RUNS,
  retentionOf,
  rightAfter,
} from './vocabulary/histories.ts'
import {
  damageBackup,
  emptyManifest,
  prune,
  pruneAsService,
  storeBackup,
  storedIds,
  storePairs,
} from './vocabulary/retention.ts'

const idsOf = (backups: { id: string }[]) => backups.map(({ id }) => id)
const SEVERAL = fc.record({
  daily: fc.integer({ min: 1, max: 40 }),
  weekly: fc.integer({ min: 0, max: 30 }),
  monthly: fc.integer({ min: 0, max: 24 }),
})

describe('G1.2 Which backups stay', () => {
  test('G1.2.1 after years of days with outages, and with clocks that were set back, exactly those of the model stay', async ({
    project,
  }) => {
    const planRetention = await retentionOf(project)

    const checked = fc.check(
      fc.property(HISTORIES, SEVERAL, (runs, counts) => {
        const history = [...runs, backupOn(dayAfter(runs))]
        const policy = { ...POLICY, ...counts }
        const { keep } = planRetention(history.toReversed(), policy, rightAfter(history))
        const kept = idsOf(keep.map(({ backup }) => backup))
        expect(kept.sort()).toEqual(idsOf(backupsKept(history, policy)).sort())
      }),
      RUNS,
    )

    expect(checked).toMatchObject(NO_COUNTEREXAMPLE)
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
    const store = (daysAgo: number) =>
      storeBackup(bucket, daysAgo, daysAgo % 2 === 1 ? { isProven: true } : {})
    const ids = await Promise.all(Array.from({ length: 9 }, (_, daysAgo) => store(daysAgo)))
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
    await buildImages(project)

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
    const emptied = await storeBackup(bucket, 50)
    await storeBackup(bucket, 30, { manifest: false })
    await damageBackup(bucket, damaged)
    await emptyManifest(bucket, emptied)

    const { exitCode } = await prune(project, bucket, '--keep', '1,0,0')

    expect(exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual([newest, damaged, emptied])
  })
})
