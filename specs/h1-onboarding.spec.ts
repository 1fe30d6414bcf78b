import { describe, expect, test } from '../harness/index.ts'
import { fencesNotRun, fencesOf, problemsOf, whereOf } from './vocabulary/fences.ts'
import { ONBOARDING, onboard, stepSeconds, UNTIL_THE_STACK_IS_UP } from './vocabulary/onboarding.ts'

const STEPS = ['dependencies', 'doctor', 'engine', 'settings', 'images', 'stack', 'seed', 'smoke']

describe('H1.1 A new developer', { timeout: 590_000 }, () => {
  test('H1.1.1 no command block of the onboarding runbook is left out', async ({ sharedProject }) => {
    expect(fencesNotRun(sharedProject, ONBOARDING)).toEqual([])
  })

  test('H1.1.1 every command of the onboarding runbook runs as written, in a fresh clone', async ({
    sharedProject,
  }) => {
    const runs = await onboard(sharedProject)

    expect(problemsOf(runs)).toEqual([])
    expect(whereOf(runs)).toEqual(whereOf(fencesOf(sharedProject, ONBOARDING)))
  })

  test('H1.0.2 where the images are there, the stack is up in under ten minutes, and each step says how long it took', async ({
    sharedProject,
  }) => {
    const [first] = await onboard(sharedProject)

    expect(first).toMatchObject({ section: UNTIL_THE_STACK_IS_UP, problem: '' })
    expect(first?.seconds).toBeLessThan(600)
    expect(Object.keys(stepSeconds(first?.output ?? ''))).toEqual(STEPS)
  })
})
