import { describe, expect, test } from '../harness/index.ts'
import { EVENTS, isForGate, LABELLED, MANUAL, TAGGED } from './vocabulary/events.ts'
import { gateStepOf, gateSteps, jobsFor } from './vocabulary/gate.ts'
import {
  allSteps,
  BACKUP_VERIFICATION,
  contextsOf,
  GATE,
  interpolate,
  jobRuns,
  stepsThatType,
  workflowFiles,
  workflowOf,
  workflowText,
  writtenSteps,
} from './vocabulary/workflows.ts'

const RUNS = EVENTS.filter(isForGate)
const DOES_NOT_RUN = EVENTS.filter((event) => !isForGate(event))
const ALL_JOBS = ['decide', 'stack', 'acceptance', 'sign-off', 'verdict']

describe('D1.0 The workflow of the gate', () => {
  test.for(RUNS)('D1.0.1 it runs for %j', async (event, { sharedProject: project }) => {
    expect(await jobsFor(project, event)).toEqual(ALL_JOBS)
  })

  test.for(DOES_NOT_RUN)('D1.0.1 it does not run for %j', async (event, { sharedProject: project }) => {
    const jobs = await jobsFor(project, event)

    expect(jobs.filter((job) => !['decide', 'verdict'].includes(job))).toEqual([])
  })

  test('D1.0.1 nothing else starts it, and no other workflow runs the gate', async ({
    sharedProject: project,
  }) => {
    const { on } = workflowOf(project, GATE)

    expect(on).toEqual({
      push: { tags: ['alpha-*'] },
      workflow_dispatch: null,
      pull_request: { types: ['labeled'] },
    })
    expect(workflowFiles(project)).toEqual([BACKUP_VERIFICATION, GATE])
    expect(workflowText(project, BACKUP_VERIFICATION)).not.toContain('gate.sh')
  })

  // In one group, GitHub cancels a gate that waits when the next one comes, and one that runs where the workflow says so.
  test.for([
    [TAGGED, 'gate-refs/tags/alpha-1', 'false'],
    [{ name: 'push', ref: 'refs/tags/alpha-2' }, 'gate-refs/tags/alpha-2', 'false'],
    [MANUAL, 'gate-refs/heads/main', 'false'],
    [LABELLED, 'gate-7', 'true'],
    [{ ...LABELLED, label: 'docs' }, 'gate-99', 'true'],
  ] as const)(
    'D1.0.1 no gate is cancelled but by a newer one of its pull request: %j is of %s, and cancels: %s',
    async ([event, group, cancels], { sharedProject: project }) => {
      const { concurrency } = workflowOf(project, GATE)

      const of = [concurrency.group, String(concurrency['cancel-in-progress'])]

      expect(of.map((text) => interpolate(text, contextsOf(event)))).toEqual([group, cancels])
    },
  )

  test('D1.0.2 every job and every step has a timeout, and those of the steps end before the job', async ({
    project,
  }) => {
    const jobs = workflowFiles(project).flatMap((file) => Object.entries(workflowOf(project, file).jobs))
    const steps = allSteps(project)

    expect(steps.filter((step) => !step['timeout-minutes']).map(({ where }) => where)).toEqual([])
    expect(
      jobs
        .filter(([, job]) => (job['timeout-minutes'] ?? 0) < sumOfTimeouts(job.steps))
        .map(([name]) => name),
    ).toEqual([])
    expect(jobs.length).toBeGreaterThan(5)
  })

  test('D1.0.2 a step of the gate ends by its own limit before the workflow ends it', async ({
    sharedProject: project,
  }) => {
    const limits = new Map((await gateSteps(project)).map(({ name, seconds }) => [name, seconds]))
    const steps = allSteps(project).map((step) => ({
      ...step,
      limit: limits.get(gateStepOf(step) ?? '') ?? 0,
    }))

    expect(steps.filter(({ limit }) => limit > 0)).not.toEqual([])
    expect(steps.filter((step) => (step['timeout-minutes'] ?? 0) * 60 <= step.limit)).toEqual([])
  })

  test('D1.0.3 the verdict needs every other job', async ({ sharedProject: project }) => {
    const { jobs } = workflowOf(project, GATE)

    expect(['decide', 'stack', 'acceptance', 'sign-off']).toEqual(
      Object.keys(jobs).filter((name) => name !== 'verdict'),
    )
    expect(jobs.verdict?.needs).toEqual(['decide', 'stack', 'acceptance', 'sign-off'])
    expect(interpolate(jobs.verdict?.steps.at(-1)?.env.RESULTS ?? '', { needs: { a: 1 } })).toContain(
      '"a": 1',
    )
    expect(workflowText(project, GATE)).not.toContain('continue-on-error')
  })

  test.for(['success', 'failure', 'cancelled'] as const)(
    'D1.0.3 the verdict is given when decide ended as %s',
    async (result, { sharedProject: project }) => {
      const contexts = { ...contextsOf(MANUAL), needs: { decide: { result } } }

      expect(jobRuns(workflowOf(project, GATE), 'verdict', contexts)).toBe(true)
    },
  )

  test.for(['success', 'failure', 'cancelled', 'skipped'] as const)(
    'D1.0.3 the verdict is given when any other job ended as %s',
    async (result, { sharedProject: project }) => {
      const workflow = workflowOf(project, GATE)
      const decide = { result: 'success', outputs: { run: 'true' } }
      const others = ALL_JOBS.filter((name) => !['decide', 'verdict'].includes(name))

      const isGiven = others.map((name) =>
        jobRuns(workflow, 'verdict', { ...contextsOf(MANUAL), needs: { decide, [name]: { result } } }),
      )

      expect(isGiven).toEqual([true, true, true])
    },
  )

  test.for([
    ['success', 0],
    ['failure', 1],
    ['cancelled', 1],
    ['skipped', 1],
    ['', 1],
    ['success ', 1],
  ] as const)(
    'D1.0.3 a job that ended as "%s" gives exit code %i',
    async ([result, exitCode], { sharedProject: project }) => {
      const environment = {
        RESULTS: JSON.stringify({ decide: { result: 'success' }, stack: { result, outputs: {} } }),
      }

      const verdict = await project.run('scripts/gate-verdict.sh', [], { environment })

      expect(verdict.exitCode).toBe(exitCode)
      expect(verdict.stdout).toContain('stack')
    },
  )

  test.for(['', '{}', 'null', 'no JSON'])(
    'D1.0.3 results %j are refused',
    async (RESULTS, { sharedProject: project }) => {
      const verdict = await project.run('scripts/gate-verdict.sh', [], { environment: { RESULTS } })

      expect(verdict.exitCode).toBe(2)
    },
  )
})

describe('D1.1 What the workflow runs', () => {
  test('D1.1.3 compose, set-up, smoke, migrations and seeds in this order, under no condition of their own', async ({
    sharedProject: project,
  }) => {
    const names = ['compose', 'set-up', 'smoke', 'migrations', 'seeds']

    const steps = writtenSteps(project, GATE).filter((step) => names.includes(gateStepOf(step) ?? ''))

    expect(steps).toEqual(
      names.map((name) => ({
        name: expect.any(String),
        run: `scripts/gate.sh --only ${name}`,
        'timeout-minutes': expect.any(Number),
      })),
    )
    expect(names.map((name) => stepsThatType(project, GATE, `scripts/gate.sh --only ${name}`))).toEqual(
      names.map(() => ({ count: 1, exceptions: [] })),
    )
  })
})

function sumOfTimeouts(steps: { 'timeout-minutes'?: number | undefined }[]): number {
  return steps.reduce((sum, step) => sum + (step['timeout-minutes'] ?? 0), 0)
}
