import { describe, expect, openTcpProxy, test } from '../harness/index.ts'
import { gateStepOf, jobsFor } from './vocabulary/gate.ts'
import { serveMl } from './vocabulary/ml.ts'
import {
  FAILED,
  ONE_MODEL,
  PASSED,
  serveFakeMl,
  smokeAll,
  smokeMl,
  WRONG_ANSWERS,
} from './vocabulary/smoke.ts'
import { run } from './vocabulary/stack.ts'
import { servicesWithPorts, stopService } from './vocabulary/stack-state.ts'
import { GATE, stepsThatType, workflowOf } from './vocabulary/workflows.ts'

describe('F1.2 The smoke test of the ML endpoints', () => {
  test('F1.2.1 passes while the ML stub is up, and fails when it is down', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    const { port } = new URL(ml.url)
    const up = await smokeMl(project, port)
    ml.end()
    await ml.ended()

    const down = await smokeMl(project, port)

    expect([up, down]).toMatchObject([PASSED, FAILED])
  })

  test.for([
    ['that was given', ['--within', '0.5'], 500],
    ['of five seconds', [], 5000],
  ] as const)(
    'F1.2.1 fails within its limit %s when nothing answers',
    async ([, words, limit], { project, db }) => {
      const ml = await serveMl(project, db)
      await using proxy = await openTcpProxy(ml.url)
      proxy.freeze()

      const { milliseconds, ...frozen } = await smokeMl(project, proxy.port, [...words])

      expect(frozen).toMatchObject(FAILED)
      expect(milliseconds).toBeGreaterThanOrEqual(limit - 1)
      expect(milliseconds).toBeLessThan(limit + 3500)
    },
  )

  test('F1.2.1 waits for an answer that is late and within its limit', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    await using proxy = await openTcpProxy(ml.url)
    proxy.freeze()
    const smoked = smokeMl(project, proxy.port, ['--within', '30'])
    await expect.poll(() => proxy.connectionCount(), { timeout: 20_000 }).toBeGreaterThan(0)

    proxy.thaw()

    expect(await smoked).toMatchObject(PASSED)
  })

  test('F1.2.1 fails when the registry behind the ML stub does not answer', async ({ project, db }) => {
    const ml = await serveMl(project, db)
    await db.query('begin; lock table ml.model in access exclusive mode')

    const locked = await smokeMl(project, new URL(ml.url).port)

    expect(locked).toMatchObject(FAILED)
  })

  test('F1.2.1 accepts a correct answer', async ({ project }) => {
    await using ml = await serveFakeMl(ONE_MODEL)

    expect(await smokeMl(project, ml.port)).toMatchObject(PASSED)
  })

  test.for(WRONG_ANSWERS)('F1.2.1 fails when %s', async ([, wrong], { project }) => {
    await using ml = await serveFakeMl(wrong)

    expect(await smokeMl(project, ml.port)).toMatchObject(FAILED)
  })

  test('F1.2.1 fails when the stub was stopped, and leaves out no service without a profile', async ({
    project,
  }) => {
    const started = await run(project, ['up', '--detach', '--no-deps', 'redis', 'ml'])
    expect(started.exitCode, started.stderr).toBe(0)
    await stopService(project, 'ml')

    const { exitCode, services, failed } = await smokeAll(project)

    expect([exitCode, services]).toEqual([1, servicesWithPorts(project)])
    expect(failed).toContain('ml')
  })
})

describe('F1.2 The smoke test in the gated CI', () => {
  test.for([
    { name: 'push', ref: 'refs/tags/alpha-1' },
    { name: 'workflow_dispatch', ref: 'refs/heads/main' },
    { name: 'pull_request', ref: 'refs/pull/7/merge', action: 'labeled', label: 'run-acceptance' },
  ])('F1.2.2 the job that has the smoke test runs for %j', async (event, { sharedProject: project }) => {
    const { jobs } = workflowOf(project, GATE)
    const isSmoked = (name: string) => jobs[name]?.steps.some((step) => gateStepOf(step) === 'smoke')

    const running = await jobsFor(project, event)

    expect(running.filter(isSmoked)).toEqual(['stack'])
  })

  test('F1.2.2 nothing lets the job that has the smoke test pass without it', async ({
    sharedProject: project,
  }) => {
    const smokes = stepsThatType(project, GATE, 'scripts/gate.sh --only smoke')

    expect(smokes).toEqual({ count: 1, exceptions: [] })
  })
})

describe('The smoke test', () => {
  test('refuses prod, an unknown service and an invalid limit', async ({ project }) => {
    const words = [
      ['--variant', 'prod'],
      ['--only', 'oracle'],
      ['--within', '0'],
      ['--within', 'long'],
    ]

    const outcomes = await Promise.all(words.map((each) => project.run('scripts/smoke.sh', each)))

    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2])
  })
})
