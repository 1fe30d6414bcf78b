import { describe, expect, test } from '../harness/index.ts'
import { problemsOf } from './vocabulary/fences.ts'
import { onboard, UNTIL_THE_STACK_IS_UP } from './vocabulary/onboarding.ts'

describe('H1.1 A new developer', { timeout: 590_000 }, () => {
  test('H1.1.1 every command of the onboarding runbook runs as written, in a fresh clone', async ({
    sharedProject,
  }) => {
    const { runs } = await onboard(sharedProject)

    expect(problemsOf(runs)).toEqual([])
    expect(runs.length).toBe(6)
  })

  test('H1.0.2 the stack is up in under ten minutes', async ({ sharedProject }) => {
    const { runs, steps } = await onboard(sharedProject)
    const untilUp = runs.filter(({ section }) => section === UNTIL_THE_STACK_IS_UP)

    expect(problemsOf(untilUp)).toEqual([])
    expect(untilUp.map(({ seconds }) => seconds < 600)).toEqual([true])
    expect(steps).toEqual([
      'dependencies',
      'doctor',
      'engine',
      'settings',
      'images',
      'stack',
      'seed',
      'smoke',
    ])
  })
})
