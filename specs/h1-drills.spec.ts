import { describe, expect, test } from '../harness/index.ts'
import {
  DRILLS,
  drillsMeasuredTooSlow,
  drillsOf,
  drillsWithoutSymptom,
  endDrills,
  restoreLimits,
  runDrill,
  statedTimes,
  uncheckedDrills,
} from './vocabulary/drills.ts'
import { fencesNotRun, problemsOf } from './vocabulary/fences.ts'
import { DRILLS_FILE, missedBlocks } from './vocabulary/runbooks.ts'
import { leftovers, NOTHING_LEFT } from './vocabulary/stack-state.ts'
import { COUNTED } from './vocabulary/superusers.ts'

/** Among what is there when a drill begins. */
const KEPT = [/^auth\.users 12 \w{32}$/, /^ml\.model 6 \w{32}$/, /^smoke\/probe ./].map((form) =>
  expect.stringMatching(form),
)

describe('H1.2 The recovery drills', { timeout: 590_000 }, () => {
  test('H1.2.1 there is one for each loss, and each states its time', async ({ sharedProject }) => {
    const stated = statedTimes(sharedProject)

    expect(drillsOf(sharedProject)).toEqual(DRILLS)
    expect(stated).toEqual(restoreLimits(sharedProject))
  })

  test('H1.2.1 the time that was measured of each drill is at most the stated one', async ({
    sharedProject,
  }) => {
    expect(drillsMeasuredTooSlow(sharedProject)).toEqual([])
  })

  test('H1.2.1 each drill shows in a block that fails what is lost, before one restores', async ({
    sharedProject,
  }) => {
    expect(drillsWithoutSymptom(sharedProject)).toEqual([])
  })

  test('H1.2.1 every block of them is run, and each drill ends with a look at what it restored', async ({
    sharedProject,
  }) => {
    expect(fencesNotRun(sharedProject, DRILLS_FILE)).toEqual([])
    expect(uncheckedDrills(sharedProject)).toEqual([])
  })

  test.for(DRILLS)(
    'H1.2.1 "%s" runs as written, and restores within its stated time what was there',
    async (drill, { sharedProject }) => {
      const { runs, restored, tables, missing, content, ofSuperusers } = await runDrill(sharedProject, drill)

      expect(problemsOf(runs)).toEqual([])
      expect(missedBlocks(sharedProject, DRILLS_FILE, drill, runs)).toEqual([])
      expect(tables).toContain('auth.users')
      expect(missing).toEqual([])
      expect(content.before).toEqual(expect.arrayContaining(KEPT))
      expect(content.after).toEqual(content.before)
      expect(ofSuperusers).toEqual([COUNTED])
      expect(restored.seconds).toBeGreaterThan(0)
      expect(restored.seconds).toBeLessThanOrEqual(restored.stated)
    },
  )

  test('H1.2.1 what follows the drills runs as written, and leaves nothing of the stack', async ({
    sharedProject,
  }) => {
    const runs = await endDrills(sharedProject)

    expect(problemsOf(runs)).toEqual([])
    expect(missedBlocks(sharedProject, DRILLS_FILE, 'After', runs)).toEqual([])
    expect(await leftovers(sharedProject, 'dev')).toEqual(NOTHING_LEFT)
  })
})
