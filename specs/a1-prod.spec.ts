import { describe, expect, test } from '../harness/index.ts'
import { longRunningIn, longRunningServices, render } from './vocabulary/compose.ts'
import { containersOf } from './vocabulary/containers.ts'
import { exposedSecrets } from './vocabulary/secrets.ts'
import { bootProd, restrictionsInside } from './vocabulary/stack.ts'
import { sql } from './vocabulary/stack-state.ts'

const SLOW = { timeout: 180_000 }
const NONE = '0000000000000000'

describe('A1.2 The running prod variant', () => {
  test('A1.2.2 prod starts with its own secrets and becomes healthy', SLOW, async ({ sharedProject }) => {
    const started = await bootProd(sharedProject)

    const containers = await containersOf(sharedProject, 'prod')
    const { model } = await render(sharedProject, 'prod')
    const running = containers.filter(({ status }) => status === 'running')
    expect(started).toMatchObject({ exitCode: 0 })
    expect(running.map(({ service, health }) => [service, health])).toEqual(
      longRunningIn(model).map((service) => [service, 'healthy']),
    )
    expect(containers.map(({ service }) => service)).toEqual(Object.keys(model.services).sort())
  })

  test(
    'A1.2.2 a running prod publishes no port, and its stores are only in the internal network',
    SLOW,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      const containers = await containersOf(sharedProject, 'prod')

      const data = `${sharedProject.composeName}-prod_data`
      expect(containers.flatMap(({ published }) => published)).toEqual([])
      expect(
        containers.filter(({ networks }) => networks.join() !== data).map(({ service }) => service),
      ).toEqual(['ml'])
      const { model } = await render(sharedProject, 'prod')
      expect(containers).toHaveLength(Object.keys(model.services).length)
    },
  )

  test(
    'A1.2.2 the database of prod is marked production and has no test user',
    SLOW,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      const mark = await sql(sharedProject, 'select name from ops.environment', 'prod')
      const people = await sql(sharedProject, 'select count(*) from auth.users', 'prod')

      expect([mark, people]).toEqual(['production', '0'])
    },
  )

  test(
    'A1.2.2 no secret of a running prod appears in inspect, a log or a process list',
    SLOW,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      expect(await exposedSecrets(sharedProject)).toEqual([])
    },
  )

  test('A1.1.4 the restrictions hold inside of each container of prod', SLOW, async ({ sharedProject }) => {
    await bootProd(sharedProject)

    const services = await longRunningServices(sharedProject, 'prod')

    const found = await Promise.all(
      services.map((service) => restrictionsInside(sharedProject, service, 'prod')),
    )

    expect(found).toEqual(services.map(() => ({ CapEff: NONE, CapBnd: NONE, NoNewPrivs: '1', Seccomp: '2' })))
  })
})
