import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import {
  exampleVariables,
  killAfterStep,
  killOnceContainerExists,
  readSettings,
  runSetup,
  writeSecret,
} from './vocabulary/setup.ts'
import { up } from './vocabulary/stack.ts'
import {
  completeState,
  definedNames,
  disconnectFromEdge,
  inspectStack,
  loadSeed,
  removeNetworks,
} from './vocabulary/stack-state.ts'

describe('A1.0 A set-up that was killed', { timeout: 300_000 }, () => {
  test('A1.0.3 incomplete settings are completed, and existing values stay', async ({ project }) => {
    await writeFile(join(project.root, '.env'), 'HMA_BUCKET=mine')
    await writeSecret(project, 'app-password', 'existing')

    await killAfterStep(project, 'settings')

    expect(readSettings(project)).toEqual({
      variables: exampleVariables(project),
      // No service gets the key that signs certificates.
      secrets: [...definedNames(project, 'secrets'), 'archive-ca-key'].sort(),
      bucket: 'mine',
      appPassword: 'existing',
      invalid: [],
    })
  })

  test('A1.0.3 running it again completes it, whatever step it was killed in', async ({ sharedProject }) => {
    await killAfterStep(sharedProject, 'engine')
    await killOnceContainerExists(sharedProject, 'postgres')
    await killAfterStep(sharedProject, 'stack')
    // As one leaves it that is killed between two seeds, each of which is a transaction of its own.
    expect(await loadSeed(sharedProject, 'reference')).toBe(0)
    await disconnectFromEdge(sharedProject, 'ml')

    const last = await runSetup(sharedProject)

    expect(last).toMatchObject({ exitCode: 0, done: true })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.3 compose.sh up also completes a container that a killed one left without its network', async ({
    sharedProject,
  }) => {
    await up(sharedProject, [])
    await disconnectFromEdge(sharedProject, 'ml')

    const { exitCode } = await up(sharedProject, [])

    const { healthy, unhealthy, reachable } = completeState(sharedProject)
    expect(exitCode).toBe(0)
    expect(await inspectStack(sharedProject)).toMatchObject({ healthy, unhealthy, reachable })
  })

  test('A1.0.3 a stopped stack whose networks were removed comes up again, by either command', async ({
    sharedProject,
  }) => {
    await up(sharedProject, [])
    await removeNetworks(sharedProject)
    const upward = await up(sharedProject, [])
    const afterUp = await inspectStack(sharedProject)
    await removeNetworks(sharedProject)

    const last = await runSetup(sharedProject)

    const { healthy, unhealthy, reachable } = completeState(sharedProject)
    expect(upward.exitCode).toBe(0)
    expect(afterUp).toMatchObject({ healthy, unhealthy, reachable })
    expect(last).toMatchObject({ exitCode: 0, done: true })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })
})
