import { describe, expect, test } from '../harness/index.ts'
import { oldestNode, setUpOnBareMachine } from './vocabulary/bare-machine.ts'
import { fencesNotRun, fencesOf, firstCommand, problemsOf, whereOf } from './vocabulary/fences.ts'
import { pullFromSilentRegistry } from './vocabulary/images.ts'
import { ONBOARDING, onboard, stepSeconds, UNTIL_THE_STACK_IS_UP } from './vocabulary/onboarding.ts'
import { blocksNotForOneShell } from './vocabulary/one-shell.ts'
import { unknownWords } from './vocabulary/script-options.ts'

const STEPS = ['dependencies', 'doctor', 'engine', 'settings', 'images', 'stack', 'seed', 'smoke']

describe('H1.1 A new developer', { timeout: 590_000 }, () => {
  test('H1.1.1 no command block of the onboarding runbook is left out', async ({ sharedProject }) => {
    expect(fencesNotRun(sharedProject, ONBOARDING)).toEqual([])
  })

  test('H1.1.1 its blocks can be typed one after the other into one shell, which each leaves as it was', async ({
    sharedProject,
  }) => {
    expect(blocksNotForOneShell(sharedProject, [ONBOARDING])).toEqual([])
  })

  test('H1.1.1 every command of the onboarding runbook runs as written, in a fresh clone', async ({
    sharedProject,
  }) => {
    const runs = await onboard(sharedProject)

    expect(problemsOf(runs)).toEqual([])
    expect(whereOf(runs)).toEqual(whereOf(fencesOf(sharedProject, ONBOARDING)))
  })

  test.for(['oldest', 'newest'] as const)(
    'H1.0.2 until the packages are there, the set-up needs only what the README names, with the %s Node of these',
    async (node, { project }) => {
      expect(oldestNode(project)).toBeGreaterThan(0)

      const { exitCode, called } = await setUpOnBareMachine(project, node)

      expect(exitCode).toBe(0)
      expect(called).toEqual(['npm ci', 'node setup/main.ts'])
    },
  )

  test('H1.0.2 a registry that accepts a request and never answers is given up within a minute', async ({
    project,
  }) => {
    // 3: no stand-in is allowed here, so that none is built.
    expect(await pullFromSilentRegistry(project)).toEqual({ exitCode: 3, pulls: 1 })
  })

  test('H1.0.2 README and runbook begin with the set-up, and give scripts only options and commands that they know', async ({
    sharedProject,
  }) => {
    const files = ['README.md', ONBOARDING]

    const first = files.map((file) => firstCommand(sharedProject, file))

    expect(first).toEqual(
      files.map(() => expect.stringMatching(/^scripts\/setup-dev-environment\.sh(?=\s|$)/)),
    )
    expect(await unknownWords(sharedProject, files)).toEqual([])
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
