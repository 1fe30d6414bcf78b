import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { containersOf } from './vocabulary/containers.ts'
import {
  breakAll,
  loseDatabase,
  loseSecrets,
  pause,
  restoreSecrets,
  secretNames,
  stopTool,
} from './vocabulary/recovery.ts'
import { firstSetup, runSetup } from './vocabulary/setup.ts'
import { completeState, inspectStack } from './vocabulary/stack-state.ts'

/** Data accept no other one; the archive's only where there is an archive. */
const BOUND = ['postgres-password']
/** Long-running services that need Postgres, without those of a profile. */
const dependents = ['audit', 'ml']
/** Others are made from these. */
const SOURCES = ['redis-password', 'redis-monitor-password', 'archive-ca-key', 'archive-store-key']

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

  test('A1.0.10 what needs a lost database is started again after it', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await loseDatabase(sharedProject)

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true })
    const containers = await containersOf(sharedProject)
    const startOf = (name: string) => containers.find(({ service }) => service === name)?.startedAt ?? ''
    expect(containers.filter(({ service }) => dependents.includes(service))).toHaveLength(dependents.length)
    expect(dependents.filter((name) => startOf(name) <= startOf('postgres'))).toEqual([])
  })

  test('A1.0.10 lost secrets are made anew, and every service uses the new ones', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    const all = await secretNames(sharedProject)
    await loseSecrets(
      sharedProject,
      all.filter((name) => !BOUND.includes(name)),
    )

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true, changedSteps: ['settings', 'stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 what is made from a lost secret is made anew with it', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await loseSecrets(sharedProject, SOURCES)

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true, changedSteps: ['settings', 'stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 each secret, lost alone, is made anew to a complete whole', async ({ project }) => {
    const environment = await prepare(project)
    const all = await secretNames(project)

    for (const name of all) {
      await loseSecrets(project, [name])
      const made = await project.run('scripts/env.sh', ['secrets'], { environment })
      const checked = await project.run('scripts/env.sh', ['check', '--secrets'], { environment })
      expect([name, made.exitCode, checked.exitCode]).toEqual([name, 0, 0])
    }
    expect(await secretNames(project)).toEqual(all)
  })

  test.for([
    ['postgres-password', {}],
    ['archive-cipher', { HMA_ARCHIVE: 'on' }],
  ] as const)(
    'A1.0.10 a lost secret that data need is named with both ways out, and works again when it is back: %s',
    async ([name, variables], { sharedProject }) => {
      await firstSetup(sharedProject)
      const lost = await loseSecrets(sharedProject, [name])

      const during = await runSetup(sharedProject, variables)
      await restoreSecrets(sharedProject, lost)
      const after = await runSetup(sharedProject)

      expect(during).toMatchObject({ exitCode: 2, done: false, changed: false })
      expect(during.lastLine).toMatch(
        new RegExp(` ${name} .+ put it back, .+ scripts/teardown\\.sh --variant test --data$`),
      )
      expect(after).toMatchObject({ exitCode: 0, done: true })
    },
  )

  test('A1.0.10 a tool that somebody has killed does not decide', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await stopTool(sharedProject, 'adminer')

    const next = await runSetup(sharedProject)

    expect(next).toMatchObject({ exitCode: 0, done: true })
  })
})
