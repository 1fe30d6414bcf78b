import { describe, expect, test } from '../harness/index.ts'
import { oldestNode, setUpOnBareMachine } from './vocabulary/bare-machine.ts'
import { fencesNotRun, fencesOf, firstCommands, problemsOf, whereOf } from './vocabulary/fences.ts'
import { pullFromSilentRegistry } from './vocabulary/images.ts'
import {
  lookedAround,
  ONBOARDING,
  onboard,
  stepSeconds,
  testUsers,
  totalSeconds,
  UNTIL_THE_STACK_IS_UP,
} from './vocabulary/onboarding.ts'
import { blocksNotForOneShell } from './vocabulary/one-shell.ts'
import { unknownWords } from './vocabulary/script-options.ts'
import { servicesWithPorts } from './vocabulary/stack-state.ts'

const STEPS = ['dependencies', 'doctor', 'engine', 'settings', 'images', 'stack', 'seed', 'smoke']
/** Those that cannot be done in a twentieth of a second on any machine: less is printed as 0.0, as it is for a fast seed. */
const LASTING = ['dependencies', 'stack']
const SET_UP = /^scripts\/setup-dev-environment\.sh(?=\s|$)/

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

  test('H1.1.1 the look around prints the address of each service, and every test user', async ({
    sharedProject,
  }) => {
    const services = servicesWithPorts(sharedProject)

    const printed = lookedAround(await onboard(sharedProject), services)

    expect(printed).toEqual({ services, users: await testUsers(sharedProject) })
    expect(printed.users).toHaveLength(12)
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

  test('H1.0.2 README and runbook begin with the set-up, the runbook behind its clone, and give scripts only options and commands that they know', async ({
    sharedProject,
  }) => {
    const [first] = firstCommands(sharedProject, 'README.md')
    const [clone, second] = firstCommands(sharedProject, ONBOARDING)

    expect([first, second]).toEqual([expect.stringMatching(SET_UP), expect.stringMatching(SET_UP)])
    expect(clone).toMatch(/^git clone /)
    expect(await unknownWords(sharedProject, ['README.md', ONBOARDING])).toEqual([])
  })

  test('H1.0.2 where the images are there, a clone has its stack up in under ten minutes, with all that follows, and each step says how long it took', async ({
    sharedProject,
  }) => {
    const runs = await onboard(sharedProject)

    const [, setUp] = runs
    const seconds = stepSeconds(setUp?.output ?? '')
    const ofSteps = totalSeconds(Object.values(seconds).map((each) => ({ seconds: each })))
    expect(problemsOf(runs)).toEqual([])
    expect(setUp).toMatchObject({ section: UNTIL_THE_STACK_IS_UP })
    expect(Object.keys(seconds)).toEqual(STEPS)
    expect(LASTING.filter((step) => !((seconds[step] ?? 0) > 0))).toEqual([])
    expect(ofSteps).toBeLessThanOrEqual((setUp?.seconds ?? 0) + 1)
    expect(totalSeconds(runs)).toBeLessThan(600)
  })
})
