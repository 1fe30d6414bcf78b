import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { containersOf } from './vocabulary/containers.ts'
import { oneLine } from './vocabulary/files.ts'
import { PROFILE } from './vocabulary/observed-stack.ts'
import {
  breakAll,
  bringInto,
  killOfProfile,
  loseDatabase,
  loseSecrets,
  NEEDS,
  pause,
  restoreSecrets,
  STATES,
  secretNames,
  takeNamedWayOut,
  withoutDocker,
  withoutEngine,
} from './vocabulary/recovery.ts'
import { firstSetup, runSetup } from './vocabulary/setup.ts'
import { completeState, inspectStack, NOTHING_LEFT } from './vocabulary/stack-state.ts'

/** Data accept no other one; the archive's only where there is an archive. */
const BOUND = ['postgres-password']
/** Long-running services that need Postgres, without those of a profile. */
const DEPENDENTS = ['audit', 'ml']
/** Others are made from these. */
const SOURCES = ['redis-password', 'redis-monitor-password', 'archive-ca-key', 'archive-store-key']

describe('A1.0 A stack that is found in any state', { timeout: 180_000 }, () => {
  test.for(['kill', 'rm --force', 'stop'])(
    'A1.0.10 after docker %s of every container the set-up completes the stack',
    async (command, { sharedProject }) => {
      await firstSetup(sharedProject)
      await breakAll(sharedProject, command)

      const next = await runSetup(sharedProject)

      expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
      expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
    },
  )

  test('A1.0.10 a paused container is brought back', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await pause(sharedProject, 'redis')

    const next = await runSetup(sharedProject)

    expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test.for(STATES)('A1.0.10 a container that is %s is brought back', async (state, { sharedProject }) => {
    await firstSetup(sharedProject)
    await bringInto(sharedProject, state)

    const next = await runSetup(sharedProject)

    expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 what needs a lost database is started again after it', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await loseDatabase(sharedProject)

    const next = await runSetup(sharedProject)

    expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true })
    const containers = await containersOf(sharedProject)
    const startOf = (name: string) => containers.find(({ service }) => service === name)?.startedAt ?? ''
    expect(containers.filter(({ service }) => DEPENDENTS.includes(service))).toHaveLength(DEPENDENTS.length)
    expect(DEPENDENTS.filter((name) => startOf(name) <= startOf('postgres'))).toEqual([])
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

    expect(next, next.lastLine).toMatchObject({
      exitCode: 0,
      done: true,
      changedSteps: ['settings', 'stack'],
    })
    expect(await inspectStack(sharedProject)).toEqual(completeState(sharedProject))
  })

  test('A1.0.10 what is made from a lost secret is made anew with it', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await loseSecrets(sharedProject, SOURCES)

    const next = await runSetup(sharedProject)

    expect(next, next.lastLine).toMatchObject({
      exitCode: 0,
      done: true,
      changedSteps: ['settings', 'stack'],
    })
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

  test('A1.0.10 the way out that is named, typed as it is, needs no lost secret', async ({ project }) => {
    await prepare(project)
    const all = await secretNames(project)

    for (const need of NEEDS) {
      const end = await takeNamedWayOut(project, need)
      expect([need, end]).toEqual([need, { exitCodes: [2, 0, 0], left: NOTHING_LEFT, secrets: all }])
    }
  })

  test('A1.0.10 a lost secret that data of the other variant need is named, too', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    const lost = await loseSecrets(sharedProject, BOUND)

    const environment = { HMA_PROJECT: sharedProject.composeName }
    const words = ['secrets', '--variant', 'dev']
    const outcome = await sharedProject.run('scripts/env.sh', words, { environment })
    await restoreSecrets(sharedProject, lost)

    expect([outcome.exitCode, outcome.stdout]).toEqual([2, ''])
    expect(outcome.stderr).toMatch(
      / postgres-password .+ put it back, .+ scripts\/teardown\.sh --variant test --data$/,
    )
  })

  test.for([
    ['docker is missing', withoutDocker, {}, ['postgres-password']],
    ['no engine answers', withoutEngine, {}, ['postgres-password']],
    [
      'no engine answers for an archive',
      withoutEngine,
      { HMA_ARCHIVE: 'on' },
      ['postgres-password', 'archive-cipher'],
    ],
  ] as const)(
    'A1.0.10 where %s, a secret that data may need is left out and named, and the others are made',
    async ([, lacking, variables, left], { project }) => {
      const environment = await prepare(project)
      const all = await secretNames(project)
      await loseSecrets(project, all)

      const without = { ...environment, ...variables, ...(await lacking(project)) }
      const outcome = await project.run('scripts/env.sh', ['secrets'], { environment: without })
      const during = await secretNames(project)
      const { exitCode } = await project.run('scripts/env.sh', ['secrets'], { environment })

      expect(outcome).toEqual(oneLine(3, left.join(', ')))
      expect(during).toEqual(all.filter((name) => !(left as readonly string[]).includes(name)))
      expect([exitCode, await secretNames(project)]).toEqual([0, all])
    },
  )

  test('A1.0.10 a tool that somebody has killed does not decide', async ({ sharedProject }) => {
    await firstSetup(sharedProject)
    await killOfProfile(sharedProject, 'tools', 'adminer')
    await pause(sharedProject, 'redis')

    const next = await runSetup(sharedProject)

    expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true, changedSteps: ['stack'] })
  })

  test('E1.1.2 a set-up without the opt-in starts again nothing that somebody has stopped', async ({
    sharedProject,
  }) => {
    await firstSetup(sharedProject)
    await killOfProfile(sharedProject, 'observability', 'alertmanager')

    const next = await runSetup(sharedProject)

    const found = (await containersOf(sharedProject)).filter(({ service }) => PROFILE.includes(service))
    expect(next, next.lastLine).toMatchObject({ exitCode: 0, done: true })
    expect(found.map(({ service, status }) => `${service} ${status}`)).toEqual(['alertmanager exited'])
  })
})
