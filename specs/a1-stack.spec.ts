import { describe, expect, test } from '../harness/index.ts'
import {
  askAdminer,
  askBrowser,
  askPostgres,
  askRedis,
  askWeb,
  postWeb,
  secretOf,
} from './vocabulary/clients.ts'
import { longRunningServices, render } from './vocabulary/compose.ts'
import { containerOf, containersOf } from './vocabulary/containers.ts'
import { failingMigration, slowInitialisation } from './vocabulary/overlays.ts'
import { answerAt } from './vocabulary/ports.ts'
import { limitsInside } from './vocabulary/service-limits.ts'
import {
  boot,
  checkHealth,
  freeze,
  healthOf,
  othersThan,
  renamed,
  restartsOf,
  restrictionsInside,
  TOOLS,
  thaw,
  upWith,
} from './vocabulary/stack.ts'
import { sql } from './vocabulary/stack-state.ts'
import { asApplication } from './vocabulary/store.ts'

/** The services that the criterion names; the stack may have more. */
const NAMED = ['adminer', 'minio', 'ml', 'postgres', 'redis', 'redis-commander']
const UNTIL_RESTARTED = { timeout: 20_000, interval: 200 }

/** Where Redis Commander shows a key. */
const KEY = '/apiv2/key/R:redis:6379:0/greeting'

/** Allocates 600 MiB inside of the server, which its own settings do not forbid. */
const ALLOCATE = [
  'eval',
  `local t = {} for i = 1, 600 do t[i] = string.rep('x', 1048576) .. i end return #t`,
  '0',
]

describe('A1.0 The running stack', () => {
  test('A1.0.4 all services become healthy by their own healthchecks', async ({ sharedProject }) => {
    const services = await longRunningServices(sharedProject, 'test', ['tools'])

    expect(await boot(sharedProject, TOOLS)).toMatchObject({ exitCode: 0 })
    expect(services).toEqual(expect.arrayContaining(NAMED))
    expect(await Promise.all(services.map((service) => healthOf(sharedProject, service)))).toEqual(
      services.map(() => 'healthy'),
    )
  })

  test('A1.0.4 each answers a real client', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)
    using store = await asApplication(sharedProject)

    expect(await askPostgres(sharedProject, 'hma_app', 'app-password', 'select current_user')).toBe('hma_app')
    expect(await askRedis(sharedProject, ['set', 'greeting', 'hello'])).toBe('OK')
    expect(await store.put('hma', 'greeting', 'hello')).toBe('done')
    expect(await askWeb(sharedProject, 'ml', 8090, '/models')).toMatch(/^\{/)
    expect(await askWeb(sharedProject, 'adminer', 8080, '/')).toMatch(/name=.auth\[server\].*value=.postgres/)
    expect(await askBrowser(sharedProject, 'redis-password', KEY)).toContain('hello')
  })

  test('A1.0.4 Adminer shows the database to whoever has the password of a login, and to nobody else', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, TOOLS)

    const page = await askAdminer(sharedProject, 'hma_app', 'app-password')
    const refused = await askAdminer(sharedProject, 'hma_app', 'ml-password')

    expect(page).toMatch(/name=.logout/)
    expect(refused).not.toMatch(/name=.logout/)
    expect(refused).toMatch(/name=.auth\[password\]/)
  })

  test('A1.0.4 a server answers at every published port', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)
    const { model } = await render(sharedProject, 'test', ['tools'])
    const containers = await containersOf(sharedProject)
    const ports = containers.flatMap(({ service, published }) => published.map((port) => [service, port]))

    const answers = await Promise.all(
      ports.map(async ([service = '', port = '']) => [service, await answerAt(service, port)]),
    )

    expect(answers).toEqual(ports.map(([service]) => [service, 'answers']))
    expect(ports).toHaveLength(Object.values(model.services).flatMap((each) => each.ports ?? []).length)
    expect(ports.map(([service]) => service)).toEqual(expect.arrayContaining(NAMED))
  })

  test('A1.0.4 Redis Commander shows nothing and connects to nothing without the password of Redis', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, TOOLS)

    const answers = await Promise.all([
      askWeb(sharedProject, 'redis-commander', 8081, KEY),
      askBrowser(sharedProject, 'app-password', KEY),
      postWeb(sharedProject, 'redis-commander', 8081, '/login', { hostname: 'postgres', port: '5432' }),
      postWeb(sharedProject, 'redis-commander', 8081, '/login/detectDb', { hostname: 'postgres' }),
    ])

    expect(answers).toEqual(Array(4).fill('status 401'))
  })

  test('A1.0.4 the healthcheck of a frozen service fails', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)
    const services = await longRunningServices(sharedProject, 'test', ['tools'])
    const before = await Promise.all(services.map((service) => checkHealth(sharedProject, service)))

    await Promise.all(services.map((service) => freeze(sharedProject, service)))
    const during = await Promise.all(services.map((service) => checkHealth(sharedProject, service)))
    await Promise.all(services.map((service) => thaw(sharedProject, service)))

    expect(before).toEqual(services.map(() => 0))
    expect(during.filter((exitCode) => exitCode === 0)).toEqual([])
  })

  test('A1.1.4 the restrictions hold inside of each container', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)

    const services = await longRunningServices(sharedProject, 'test', ['tools'])

    const found = await Promise.all(services.map((service) => restrictionsInside(sharedProject, service)))

    const none = '0000000000000000'
    expect(found).toEqual(services.map(() => ({ CapEff: none, CapBnd: none, NoNewPrivs: '1', Seccomp: '2' })))
  })

  test('A1.0.1 when a migration fails, the start fails and nothing that needs the database runs', async ({
    sharedProject,
  }) => {
    const other = renamed(sharedProject, '-unmigrated')

    const outcome = await upWith(other, failingMigration, ['ml'])

    expect(outcome.exitCode).not.toBe(0)
    expect(await containerOf(other, 'migrate')).toMatchObject({ status: 'exited', exitCode: 1 })
    expect(await containerOf(other, 'ml')).toMatchObject({ status: 'created' })
  })

  test('A1.0.6 the healthcheck fails while the database of the application accepts no connection', async ({
    sharedProject,
  }) => {
    const ruled = (word: string) => `alter database hma allow_connections ${word}`
    const ask = (text: string) =>
      askPostgres(sharedProject, 'postgres', 'postgres-password', text, 'postgres')
    await boot(sharedProject, [], ['postgres'])

    const closed = [await ask(ruled('false')), await checkHealth(sharedProject, 'postgres')]
    const open = [await ask(ruled('true')), await checkHealth(sharedProject, 'postgres')]

    expect(closed).toEqual(['done', expect.toSatisfy((exitCode) => exitCode !== 0)])
    expect(open).toEqual(['done', 0])
  })

  test('A1.0.6 the healthcheck fails while nobody can log in over TCP', async ({ sharedProject }) => {
    await boot(sharedProject, [], ['postgres'])
    const password = await secretOf(sharedProject, 'postgres-password')

    // At the socket the server's own account needs no password.
    await sql(sharedProject, 'alter role postgres password null')
    const closed = await checkHealth(sharedProject, 'postgres')
    await sql(sharedProject, `alter role postgres password '${password}'`)
    const open = await checkHealth(sharedProject, 'postgres')

    expect(closed).not.toBe(0)
    expect(open).toBe(0)
  })

  test('A1.0.6 Postgres is healthy only after a slow initialisation has ended', async ({ sharedProject }) => {
    const slow = renamed(sharedProject, '-slow')
    await upWith(slow, slowInitialisation('create table made as select 1 as one from pg_sleep(3)'), [
      'postgres',
    ])

    const found = await askPostgres(slow, 'postgres', 'postgres-password', 'select count(*) from made')

    expect(found).toBe('1')
  })

  test('A1.0.5 the running containers have the limits of the rendered model', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)
    const { model } = await render(sharedProject, 'test', ['tools'])

    const containers = await containersOf(sharedProject)

    expect(Object.fromEntries(containers.map(({ service, limits }) => [service, limits]))).toEqual(
      Object.fromEntries(Object.entries(model.services).map(([name, each]) => [name, limitsInside(each)])),
    )
  })

  test('A1.0.5 a service that exceeds its memory dies alone and is restarted', async ({ sharedProject }) => {
    await boot(sharedProject, TOOLS)
    const before = await othersThan(sharedProject, 'redis')
    const { restarts } = await restartsOf(sharedProject, 'redis')

    const answer = await askRedis(sharedProject, ALLOCATE)

    expect(answer).toEqual(expect.stringMatching(/^no answer/))
    await expect
      .poll(() => restartsOf(sharedProject, 'redis'), UNTIL_RESTARTED)
      .toMatchObject({ restarts: restarts + 1 })
    await expect.poll(() => healthOf(sharedProject, 'redis'), UNTIL_RESTARTED).toBe('healthy')
    expect(await othersThan(sharedProject, 'redis')).toEqual(before)
  })
})
