import { describe, expect, test } from '../harness/index.ts'
import { COMMANDS } from './vocabulary/plan.ts'
import { EFFECTS } from './vocabulary/plan-effects.ts'
import { DROP_THE_COPY, OF_BACKUPS, ON_THE_STACK_ALONE, SCRIPTS } from './vocabulary/stack-scripts.ts'
import {
  devContainers,
  idsSeenBy,
  namesInTable,
  namesThatKeepRunning,
  servicesIn,
  servicesWithoutProfile,
  setUpDev,
  typed,
  typedInOrder,
  valueInEnv,
} from './vocabulary/typed.ts'

const COMPOSE = 'docker compose -f docker/docker-compose.yml'
const SILENT = { exitCode: 0, stderr: '' }

describe('A1.1 The commands of the plan as they are typed', { timeout: 180_000 }, () => {
  test.for([
    ['.', `${COMPOSE} config`],
    ['docker', 'docker compose config'],
    ['.', `${COMPOSE} -f docker/docker-compose.test.yml config`],
    ['docker', 'docker compose -f docker-compose.yml -f docker-compose.test.yml config'],
    ['.', `${COMPOSE} --profile '*' config`],
  ] as const)('A1.1.5 in %s of a fresh clone, `%s` is silent', async ([folder, line], { project }) => {
    const outcome = await typed(project, line, { folder })

    expect(outcome).toMatchObject(SILENT)
    expect(outcome.stdout).toMatch(/^name: hma(?:-test)?$/m)
  })

  test('A1.1.5 in a fresh clone, prod does not render, and the missing variable is named', async ({
    project,
  }) => {
    const outcome = await typed(project, `${COMPOSE} -f docker/docker-compose.prod.yml config`)

    expect(outcome).toMatchObject({ exitCode: expect.not.toSatisfy((code) => code === 0), stdout: '' })
    expect(outcome.stderr).toContain('HMA_SECRETS')
  })

  test('A1.1.6 `up --wait` finds the stack of the set-up, and changes nothing', async ({ sharedProject }) => {
    const setup = await setUpDev(sharedProject)
    const before = await devContainers(sharedProject)

    const outcome = await typed(sharedProject, `${COMPOSE} up --wait`)

    expect([setup.exitCode, outcome.exitCode]).toEqual([0, 0])
    expect(await devContainers(sharedProject)).toEqual(before)
    expect(before).toHaveLength(servicesWithoutProfile(sharedProject).length)
  })

  test('A1.1.6 `ps` lists the containers of the wrapper, from the root and from docker/', async ({
    sharedProject,
  }) => {
    await setUpDev(sharedProject)

    const { root, docker, wrapper } = await idsSeenBy(sharedProject)

    expect([root, docker]).toEqual([wrapper, wrapper])
    expect(wrapper).toHaveLength(servicesWithoutProfile(sharedProject).length)
  })

  test.for([
    ['.', `${COMPOSE} ps`],
    ['docker', 'docker compose ps'],
    ['.', 'scripts/compose.sh ps'],
  ] as const)(
    'A1.1.6 in %s `%s` shows every service that keeps running',
    async ([folder, line], { sharedProject }) => {
      await setUpDev(sharedProject)

      const { exitCode, stdout } = await typed(sharedProject, line, { folder })

      expect(exitCode).toBe(0)
      expect(namesInTable(stdout)).toEqual(namesThatKeepRunning(sharedProject))
    },
  )

  test('A1.1.6 `logs` prints the log of every service of that stack', async ({ sharedProject }) => {
    await setUpDev(sharedProject)

    const { exitCode, stdout } = await typed(sharedProject, `${COMPOSE} logs`)

    expect(exitCode).toBe(0)
    expect(servicesIn(stdout)).toEqual(servicesWithoutProfile(sharedProject))
  })

  test('A1.1.6 after `down` and `up --wait` the stack is whole again, with its data and secrets', async ({
    sharedProject,
  }) => {
    await setUpDev(sharedProject)

    const down = await typed(sharedProject, `${COMPOSE} down`)
    const between = await devContainers(sharedProject)
    const up = await typed(sharedProject, `${COMPOSE} up --wait`)
    const smoke = await typed(sharedProject, 'scripts/smoke.sh')

    expect([down.exitCode, up.exitCode, smoke.exitCode]).toEqual([0, 0, 0])
    expect(between).toEqual([])
  })
})

describe('A1.4 Scripts without a variable', { timeout: 180_000 }, () => {
  test.for(SCRIPTS)(
    'A1.4.4 `%s` works on the stack of this folder, and names it',
    async ([line, login], { sharedProject }) => {
      await setUpDev(sharedProject)

      const { exitCode, stderr } = await typed(sharedProject, line)

      const port = await valueInEnv(sharedProject, 'HMA_POSTGRES_PORT')
      expect(exitCode).toBe(0)
      expect(stderr.split('\n')).toContain(`development database hma at 127.0.0.1:${port}, as ${login}`)
    },
  )

  test('A1.4.4 the figures of the cache, the smoke test and a backup are those of this folder, too', async ({
    sharedProject,
  }) => {
    await setUpDev(sharedProject)

    const lines = ['scripts/cache-stats.sh', 'scripts/smoke.sh', 'scripts/backup.sh']
    const [cache, smoke, backup] = await Promise.all(lines.map((line) => typed(sharedProject, line)))

    const [port, redisPort] = await Promise.all(
      ['HMA_POSTGRES_PORT', 'HMA_REDIS_PORT'].map((name) => valueInEnv(sharedProject, name)),
    )
    expect([cache?.exitCode, smoke?.exitCode, backup?.exitCode]).toEqual([0, 0, 0])
    expect(cache?.stderr).toContain(`development Redis at 127.0.0.1:${redisPort}, as monitor`)
    expect(smoke?.stdout).toContain(`development database hma at 127.0.0.1:${port}, as hma_app`)
    expect(backup?.stderr).toContain('backup of hma at postgres:5432, as hma_backup')
  })

  test('A1.4.4 each script of the backups works on the stack of this folder, and names its database', async ({
    sharedProject,
  }) => {
    await setUpDev(sharedProject)

    const outcomes = await typedInOrder(sharedProject, Object.keys(OF_BACKUPS))
    await typed(sharedProject, DROP_THE_COPY)

    const named = Object.values(OF_BACKUPS).map((nameIn) => nameIn(sharedProject.composeName))
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual(named.map(() => 0))
    expect(outcomes.map(({ stderr }) => stderr)).toEqual(named.map((text) => expect.stringContaining(text)))
  })

  test('A1.4.4 a restore to a moment names the database of this folder before it does anything', async ({
    sharedProject,
  }) => {
    await setUpDev(sharedProject)
    const before = await devContainers(sharedProject)

    // In the future, so that it is refused.
    const outcome = await typed(sharedProject, "scripts/restore.sh --to-time '2999-01-01T00:00:00Z'")

    expect(outcome).toMatchObject({ exitCode: 4, stdout: '' })
    expect(outcome.stderr).toContain(`hma of the stack ${sharedProject.composeName} `)
    expect(await devContainers(sharedProject)).toEqual(before)
  })

  test.for([
    [{ HMA_DATABASE_URL: 'postgres://hma_backup@127.0.0.1:1/other' }, ON_THE_STACK_ALONE],
    [{ HMA_DATABASE_URL: '' }, ['scripts/smoke.sh', 'scripts/backup.sh']],
    [{ HMA_DATABASE_PASSWORD: 'x' }, ['scripts/smoke.sh', 'scripts/backup.sh']],
    [{ HMA_REDIS_URL: 'redis://127.0.0.1:1' }, ['scripts/smoke.sh']],
    [{ HMA_REDIS_URL: '' }, ['scripts/smoke.sh', 'scripts/cache-stats.sh']],
    [{ HMA_REDIS_URL: 'x' }, ['scripts/smoke.sh', 'scripts/cache-stats.sh']],
  ] as const)(
    'A1.4.4 with %o no script works on the stack in its place: %o',
    async ([variables, lines], { sharedProject }) => {
      await setUpDev(sharedProject)

      const outcomes = await Promise.all(lines.map((line) => typed(sharedProject, line, { variables })))

      const name = Object.keys(variables).join()
      expect(outcomes).toEqual(
        lines.map(() => ({ exitCode: 2, stdout: '', stderr: expect.stringContaining(name) })),
      )
    },
  )

  test.for([
    [{ HMA_DATABASE_URL: '' }, 2, 'HMA_DATABASE_URL'],
    [{ HMA_DATABASE_URL: 'hma' }, 2, 'HMA_DATABASE_URL'],
    [{ HMA_DATABASE_PASSWORD: 'x' }, 2, 'HMA_DATABASE_URL'],
    [{ HMA_DATABASE_URL: 'postgres://hma_app@127.0.0.1:1/hma' }, 3, '127.0.0.1:1'],
  ] as const)(
    'A1.4.4 with %o no script falls back to the stack',
    async ([variables, code, name], { sharedProject }) => {
      await setUpDev(sharedProject)

      const outcomes = await Promise.all(SCRIPTS.map(([line]) => typed(sharedProject, line, { variables })))

      expect(outcomes.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
        SCRIPTS.map(() => ({ exitCode: code, stdout: '' })),
      )
      expect(
        outcomes.filter(({ stderr }) => !stderr.includes(name) || stderr.includes('development')),
      ).toEqual([])
    },
  )

  test('A1.4.4 where the stack is not up, every script says so and how to start it', async ({ project }) => {
    await typed(project, 'cp .env.example .env')
    await typed(project, `sed -i 's/^HMA_PROJECT=.*/HMA_PROJECT=${project.composeName}/' .env`)

    const lines = [...SCRIPTS.map(([line]) => line), 'scripts/cache-stats.sh']
    const outcomes = await Promise.all(lines.map((line) => typed(project, line)))

    expect(outcomes.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      lines.map(() => ({ exitCode: 3, stdout: '' })),
    )
    expect(
      outcomes.filter(({ stderr }) => !stderr.includes('Next: scripts/setup-dev-environment.sh')),
    ).toEqual([])
  })
})

describe('H1.3 The commands of the plan', { timeout: 180_000 }, () => {
  test.for(COMMANDS)(
    'H1.3.2 `%s`, typed exactly as written after the set-up, does what it is for',
    async (command, { sharedProject }) => {
      await setUpDev(sharedProject)

      const { found, expected } = await EFFECTS[command](sharedProject, command)

      expect(found).toEqual(expected)
    },
  )
})
