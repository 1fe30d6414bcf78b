import { describe, expect, test } from '../harness/index.ts'
import { containersOf } from './vocabulary/containers.ts'
import { typeOnProd } from './vocabulary/operator-of-prod.ts'

describe('H1.1 The commands of the documentation, in prod', { timeout: 300_000 }, () => {
  test('H1.1.2 each form for prod succeeds on a running prod, after a secret was replaced too, and the last one leaves no container', async ({
    sharedProject: project,
  }) => {
    const { count, problems } = await typeOnProd(project)

    expect(problems).toEqual([])
    expect(await containersOf(project, 'prod')).toEqual([])
    expect(count).toBeGreaterThan(10)
  })
})
