import fc from 'fast-check'
import { describe, expect, test } from '../harness/index.ts'
import {
  backupOn,
  byMoment,
  dayAfter,
  dayNumber,
  HISTORIES,
  isTrusted,
  NO_COUNTEREXAMPLE,
  POLICY,
  RUNS,
  retentionOf,
  rightAfter,
} from './vocabulary/histories.ts'
import { damageBackup, prune, storeBackup, storedIds } from './vocabulary/retention.ts'
import type { Bucket } from './vocabulary/stored-backups.ts'

const TODAY = dayNumber('2026-11-26')

describe('G1.2 What retention never does', () => {
  test('G1.2.2 none of the three newest verified backups is removed, whatever their age and the policy', async ({
    project,
  }) => {
    const planRetention = await retentionOf(project)
    const policy = { ...POLICY, daily: 1, weekly: 0, monthly: 0 }

    const checked = fc.check(
      // The last day has one backup or several: backups by hand are of the day of the nightly one.
      fc.property(HISTORIES, fc.integer({ min: 1, max: 3 }), (runs, several) => {
        const lastDay = dayAfter(runs) + 500
        const history = [...runs, ...Array.from({ length: several }, (_, at) => backupOn(lastDay, 150 + at))]
        const verified = byMoment(history).filter(isTrusted)
        const { remove } = planRetention(history, policy, rightAfter(history))
        expect(verified.slice(-3).filter((backup) => remove.includes(backup))).toEqual([])
      }),
      RUNS,
    )

    expect(checked).toMatchObject(NO_COUNTEREXAMPLE)
  })

  test.for([
    ['is incomplete', { isVerified: false, hasManifest: false }, 0],
    ['is damaged', { isVerified: false }, 0],
    ['failed its restore test', { isDisproven: true }, 0],
    ['has less than half the usual size', { bytes: 499 }, 0],
    ['is of tomorrow', {}, 24 * 60],
    ['is six minutes ahead', {}, 7],
  ] as const)(
    'G1.2.2 nothing is removed where the newest backup %s',
    async ([, newest, minutesBefore], { project }) => {
      const planRetention = await retentionOf(project)
      const history = [-3, -2, -1].map((ago) => backupOn(TODAY + ago))
      const now = new Date(rightAfter([backupOn(TODAY)]).getTime() - minutesBefore * 60_000)

      // --accept-size accepts a small one, and nothing else.
      const policies = 'bytes' in newest ? [POLICY] : [POLICY, { ...POLICY, acceptSize: true }]
      for (const policy of policies)
        expect(() => planRetention([...history, backupOn(TODAY, 150, newest)], policy, now)).toThrow(
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

    const plans = () => [
      planRetention([...history, half], POLICY, minutesAhead),
      planRetention([...history, tiny], { ...POLICY, acceptSize: true }, rightAfter([tiny])),
      planRetention([], POLICY, new Date()),
    ]

    expect(plans).not.toThrow()
    expect(plans().map(({ keep, remove }) => [keep.length, remove.length])).toEqual([
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

    const plan = () => planRetention([...history, newest], POLICY, rightAfter([newest]))

    // A refusal is thrown.
    expect(plan).not.toThrow()
    expect(plan().remove).toEqual([history[0]])
  })

  test('G1.2.2 the command leaves the three newest', async ({ project, bucket }) => {
    const ids = await Promise.all([0, 100, 200, 300, 400].map((daysAgo) => storeBackup(bucket, daysAgo)))

    const { exitCode } = await prune(project, bucket, '--keep', '1,0,0')

    expect(exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual(ids.slice(0, 3))
  })

  test.for<[string, (bucket: Bucket) => Promise<unknown>]>([
    ['is incomplete', (bucket) => storeBackup(bucket, 0, { manifest: false })],
    [
      'has other bytes than it had',
      async (bucket) => damageBackup(bucket, await storeBackup(bucket, 0), 1000),
    ],
    ['failed its restore test', (bucket) => storeBackup(bucket, 0, { isProven: false })],
  ])(
    'G1.2.2 where the newest backup %s, the command changes nothing in the store, and says why in one line',
    async ([, storeNewest], { project, bucket }) => {
      await Promise.all([1, 2, 3, 4, 5, 6].map((daysAgo) => storeBackup(bucket, daysAgo)))
      await storeNewest(bucket)
      const before = await storedIds(bucket)

      const refused = await prune(project, bucket, '--keep', '1,0,0')

      expect(refused).toMatchObject({ exitCode: 4, stdout: '' })
      expect(refused.stderr).toMatch(/^backup-prune: [^\n]+ Next: [^\n]+$/)
      expect(await storedIds(bucket)).toEqual(before)
    },
  )

  test('G1.2.2 an older backup that failed its restore test stays, and counts for no other', async ({
    project,
    bucket,
  }) => {
    const ids = await Promise.all(
      [0, 1, 2, 3, 4].map((daysAgo) => storeBackup(bucket, daysAgo, { isProven: daysAgo !== 1 })),
    )

    const { exitCode } = await prune(project, bucket, '--keep', '1,0,0')

    expect(exitCode).toBe(0)
    expect(await storedIds(bucket)).toEqual(ids.slice(0, 4))
  })
})
