import { describe, expect, test } from '../harness/index.ts'
import { ciWith, limitsOfCi, recordOf } from './vocabulary/ci.ts'
import { longSleep, processesWith, UNTIL_GONE } from './vocabulary/gate.ts'

const GREEN = recordOf({ passed: 2, failed: 0, notRun: 0 })
const HOUR_SECONDS = 3600

describe('D1.0 A run of CI', () => {
  test('D1.0.5 CI runs the gate without its faults, and fails when the gate fails', async ({ project }) => {
    const green = await ciWith(project, { record: GREEN })
    const red = await ciWith(project, { record: GREEN, code: 9 })

    const first = 'gate --without faults --without sign-off'
    expect(green).toEqual({ exitCode: 0, first, last: '2 passed, 0 failed' })
    expect(red).toEqual({ exitCode: 1, first, last: '2 passed, 1 failed' })
  })

  test.for([
    ['that wrote no record', {}, '0 passed, 1 failed'],
    ['that left the record of an earlier run', { earlier: GREEN }, '0 passed, 1 failed'],
    ['whose record is cut', { record: GREEN.slice(0, -4) }, '0 passed, 1 failed'],
    ['that passed no spec', { record: recordOf({ passed: 0, failed: 0, notRun: 0 }) }, '0 passed, 1 failed'],
    [
      'with a spec that failed',
      { record: recordOf({ passed: 2, failed: 1, notRun: 0 }) },
      '2 passed, 1 failed',
    ],
    [
      'with specs that did not run',
      { record: recordOf({ passed: 2, failed: 0, notRun: 5 }) },
      '2 passed, 5 failed',
    ],
  ] as const)(
    'D1.0.5 CI fails after a gate %s, although that one ends with 0',
    async ([, gate, last], { project }) => {
      expect(await ciWith(project, gate)).toMatchObject({ exitCode: 1, last })
    },
  )

  test('D1.0.2 CI ends a gate that hangs, and fails', async ({ project }) => {
    const sleep = longSleep()

    const run = await ciWith(project, { hang: sleep, record: GREEN })

    expect(run).toMatchObject({ exitCode: 1, last: '0 passed, 1 failed' })
    await expect.poll(() => processesWith(sleep), UNTIL_GONE).toEqual([])
  })

  test('D1.0.2 the limits of CI are within an hour together, also for a gate that ignores SIGTERM', async ({
    project,
  }) => {
    await ciWith(project, { record: GREEN })

    const limits = limitsOfCi(project)
    const seconds = limits.map((limit) => limit.seconds + limit.killAfter)
    expect(limits[0]).toEqual({ seconds: 3480, killAfter: 120 })
    expect(limits).toHaveLength(2)
    expect(Math.max(...seconds)).toBeLessThanOrEqual(HOUR_SECONDS)
  })
})
