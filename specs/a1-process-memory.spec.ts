import { describe, expect, test } from '../harness/index.ts'
import { allServices, render, VARIANTS } from './vocabulary/compose.ts'
import { allocate, bytesOfProcess, bytesOfServer } from './vocabulary/process-memory.ts'
import { limitsOf } from './vocabulary/service-limits.ts'
import { boot } from './vocabulary/stack.ts'
import { sql } from './vocabulary/stack-state.ts'

describe('A1.0 The memory of one process of Postgres', () => {
  test('A1.0.5 in every variant one process of Postgres may take half of the memory of its container at most', async ({
    sharedProject,
  }) => {
    const services = await allServices(sharedProject)

    const servers = services.filter(([name]) => name.endsWith('/postgres'))
    const shares = servers.map(
      ([, each]) => (bytesOfProcess(each) ?? Infinity) / (limitsOf(each).memory ?? 0),
    )
    expect(servers.map(([name]) => name)).toEqual(VARIANTS.map((variant) => `${variant}/postgres`))
    expect(shares.filter((share) => !(share > 0 && share <= 0.5))).toEqual([])
  })

  test('A1.0.5 the running server of Postgres has the limit of the rendered model', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, [], ['postgres'])
    const { model } = await render(sharedProject, 'test')

    const bytes = await bytesOfServer(sharedProject)

    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBe(bytesOfProcess(model.services.postgres ?? { image: '' }))
  })

  test('A1.0.5 a statement that takes more than one process may take ends alone', async ({
    sharedProject,
  }) => {
    await boot(sharedProject, [], ['postgres'])
    const startedAt = await sql(sharedProject, 'select pg_postmaster_start_time()')

    const answer = await allocate(sharedProject)

    expect(answer).toBe('53200')
    expect(await sql(sharedProject, 'select pg_postmaster_start_time()')).toBe(startedAt)
  })
})
