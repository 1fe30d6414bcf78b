import { describe, expect, test } from '../harness/index.ts'
import { fencesOf, problemsOf } from './vocabulary/fences.ts'
import { ONBOARDING, onboard, stepSeconds, UNTIL_THE_STACK_IS_UP } from './vocabulary/onboarding.ts'

const STEPS = ['dependencies', 'doctor', 'engine', 'settings', 'images', 'stack', 'seed', 'smoke']

describe('H1.1 A new developer', { timeout: 590_000 }, () => {
  test('H1.1.1 every command of the onboarding runbook runs as written, in a fresh clone', async ({
    sharedProject,
  }) => {
    const runs = await onboard(sharedProject)

    expect(problemsOf(runs)).toEqual([])
    expect(runs).toHaveLength(fencesOf(sharedProject, ONBOARDING).length)
  })

  test('H1.0.2 the stack is up in under ten minutes, and each step says how long it took', async ({
    sharedProject,
  }) => {
    const [first] = await onboard(sharedProject)

    expect(first).toMatchObject({ section: UNTIL_THE_STACK_IS_UP, problem: '' })
    expect(first?.seconds).toBeLessThan(600)
    expect(Object.keys(stepSeconds(first?.output ?? ''))).toEqual(STEPS)
  })
})
