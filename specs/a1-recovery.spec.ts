import { describe, expect, test } from '../harness/index.ts'
import { breakAll, loseSecrets, pause, restoreSecrets, stopTool } from './vocabulary/recovery.ts'
import { firstSetup, runSetup } from './vocabulary/setup.ts'
import { completeState, inspectStack } from './vocabulary/stack-state.ts'

const UNBOUND = [
  'redis-password',
  'redis-acl',
  'minio-root-password',
  'bucket-key-id',
  'app-password',
  'ml-password',
]

describe('A1.0 A stack that is found in any state', { timeout: 180_000 }, () => {
  test.for(['kill', 'rm --force', 'stop'])(
    'A1.0.10 after docker %s of every container the set-up completes the stack',
    async (command, { sharedProject }) => {
      await firstSetup(sharedProject)
      await breakAll(sharedProject, command)

      const next = await runSetup(sharedProject)

      expect(next).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
      expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
    },
  )

  test('A1.0.10 a paused container is brought back', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await pause(sharedProject, 'redis')

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 lost secrets are made anew, and every service uses the new ones', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    await loseSecrets(sharedProject, UNBOUND)

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true, changedSteps: ['settings', 'stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 a lost secret that data need is named with both ways out, and works again when it is back', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    const lost = await loseSecrets(sharedProject, ['postgres-password'])

    const during = await runSetup(sharedProject)
    await restoreSecrets(sharedProject, lost)
    const after = await runSetup(sharedProject)

    expect(during).toMatchObject({ exitCode: 2, done: false, changed: false })
    expect(during.lastLine).toMatch(
      / postgres-password .+ put it back, .+ scripts\/teardown\.sh --variant test --data$/,
    )
    expect(after).toMatchObject({ exitCode: 0, done: true })
  })

  test('A1.0.10 a tool that somebody has killed does not decide', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await stopTool(sharedProject, 'adminer')

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true })
  })
})
