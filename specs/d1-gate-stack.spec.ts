import { describe, expect, test } from '../harness/index.ts'
import { gateSteps, statesOf } from './vocabulary/gate.ts'
import { runStackSteps, runSteps, servicesInGate, stopInGate } from './vocabulary/gate-stack.ts'
import { GATE, workflowOf } from './vocabulary/workflows.ts'

describe('D1.1 The stack of the gate', { timeout: 180_000 }, () => {
  test('D1.1.3 the gate validates compose, runs set-up, smoke, migrations and seeds, as the plan types them', async ({
    sharedProject,
  }) => {
    const steps = await gateSteps(sharedProject)
    const typed = new Map(steps.map(({ name, commands }) => [name, commands.map((words) => words.join(' '))]))

    expect([...typed.keys()].slice(7, 13)).toEqual([
      'compose',
      'set-up',
      'smoke',
      'migrations',
      'seeds',
      'teardown',
    ])
    expect(typed.get('compose')?.[0]).toBe('docker compose -f docker/docker-compose.yml config --quiet')
    expect(typed.get('smoke')).toEqual(['scripts/smoke.sh'])
    expect(typed.get('migrations')).toEqual(['scripts/migrate.sh apply', 'scripts/migrate.sh status'])
    expect(typed.get('seeds')).toEqual(['scripts/seed.sh all'])
  })

  test('D1.1.3 in a clean copy they all pass', async ({ sharedProject }) => {
    const run = await runStackSteps(sharedProject)

    expect(statesOf(run), run.stderr).toEqual({
      compose: 'passed',
      'set-up': 'passed',
      smoke: 'passed',
      migrations: 'passed',
      seeds: 'passed',
    })
    expect(await servicesInGate(sharedProject)).toContain('ml')
  })

  test('F1.2.2 the workflow runs the smoke test on the stack that it has set up', async ({
    sharedProject,
  }) => {
    const { jobs } = workflowOf(sharedProject, GATE)

    const runs = jobs.stack?.steps.flatMap(({ run }) => run ?? []) ?? []

    expect(runs).toContain('scripts/gate.sh --only smoke')
    expect(runs.indexOf('scripts/gate.sh --only smoke')).toBeGreaterThan(
      runs.indexOf('scripts/gate.sh --only set-up'),
    )
  })

  test('F1.2.2 the gate fails while the ML stub is down', async ({ sharedProject }) => {
    await runStackSteps(sharedProject)
    await stopInGate(sharedProject, 'ml')

    const run = await runSteps(sharedProject, 'smoke')

    expect(run.exitCode).toBe(1)
    expect(statesOf(run)).toEqual({ smoke: 'failed' })
    expect(run.stderr).toContain('ml')
  })

  test('D1.1.3 the teardown leaves nothing of its stack', async ({ sharedProject }) => {
    await runStackSteps(sharedProject)

    const run = await runSteps(sharedProject, 'teardown')

    expect(statesOf(run)).toEqual({ teardown: 'passed' })
    expect(await servicesInGate(sharedProject)).toEqual([])
  })
})
