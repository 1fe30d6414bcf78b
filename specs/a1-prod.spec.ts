import { describe, expect, test } from '../harness/index.ts'
import { containersOf } from './vocabulary/containers.ts'
import { exposedSecrets } from './vocabulary/secrets.ts'
import { bootProd, insideOf } from './vocabulary/stack.ts'
import { sql } from './vocabulary/stack-state.ts'

const PATIENTLY = { timeout: 180_000 }
const LASTING = ['minio', 'ml', 'postgres', 'redis']
const NONE = '0000000000000000'

describe('A1.2 The prod variant, running', () => {
  test(
    'A1.2.2 it starts with the secrets it is given, and is healthy',
    PATIENTLY,
    async ({ sharedProject }) => {
      const started = await bootProd(sharedProject)

      const containers = await containersOf(sharedProject, 'prod')
      const lasting = containers.filter(({ status }) => status === 'running')
      expect(started).toMatchObject({ exitCode: 0 })
      expect(lasting.map(({ service, health }) => [service, health])).toEqual(
        LASTING.map((service) => [service, 'healthy']),
      )
      expect(containers.map(({ service }) => service)).toEqual(['bucket', 'migrate', ...LASTING])
    },
  )

  test(
    'A1.2.2 no port of this machine leads to it, and its stores are in the closed network alone',
    PATIENTLY,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      const containers = await containersOf(sharedProject, 'prod')

      const data = `${sharedProject.composeName}-prod_data`
      expect(containers.flatMap(({ published }) => published)).toEqual([])
      expect(
        containers.filter(({ networks }) => networks.join() !== data).map(({ service }) => service),
      ).toEqual(['ml'])
      expect(containers).toHaveLength(6)
    },
  )

  test(
    'A1.2.2 its database is a production, and knows no test person',
    PATIENTLY,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      const mark = await sql(sharedProject, 'select name from ops.environment', 'prod')
      const people = await sql(sharedProject, 'select count(*) from auth.users', 'prod')

      expect([mark, people]).toEqual(['production', '0'])
    },
  )

  test(
    'A1.2.2 no secret stands in what the engine tells of it, in a log, or in a process list',
    PATIENTLY,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      expect(await exposedSecrets(sharedProject)).toEqual([])
    },
  )

  test(
    'A1.1.4 what confines a service holds inside of each container of prod',
    PATIENTLY,
    async ({ sharedProject }) => {
      await bootProd(sharedProject)

      const found = await Promise.all(LASTING.map((service) => insideOf(sharedProject, service, 'prod')))

      expect(found).toEqual(Array(4).fill({ CapEff: NONE, CapBnd: NONE, NoNewPrivs: '1', Seccomp: '2' }))
    },
  )
})
