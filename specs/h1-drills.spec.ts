import { describe, expect, test } from '../harness/index.ts'
import { problemsOf } from './vocabulary/fences.ts'
import { drillsOf, restoreLimits, runDrill, statedTimes } from './vocabulary/runbooks.ts'

const DRILLS = [
  'Dropped table',
  'Wrong update',
  'Lost volume',
  'Lost bucket object',
  'Full disk',
  'Expired password',
  'Stuck migration',
  'Missing partition',
]

describe('H1.2 The recovery drills', { timeout: 590_000 }, () => {
  test('H1.2.1 there is one for each loss, and each states its time', async ({ sharedProject }) => {
    const stated = statedTimes(sharedProject)

    expect(drillsOf(sharedProject)).toEqual(DRILLS)
    expect(stated).toEqual(restoreLimits(sharedProject))
  })

  test.for(DRILLS)(
    'H1.2.1 "%s" runs as written, and restores within its stated time',
    async (drill, { sharedProject }) => {
      const { runs, restored } = await runDrill(sharedProject, drill)

      expect(problemsOf(runs)).toEqual([])
      expect(restored.seconds).toBeGreaterThan(0)
      expect(restored.seconds).toBeLessThanOrEqual(restored.stated)
    },
  )
})
