import { describe, expect, test } from '../harness/index.ts'
import {
  gateStepOf,
  interruptGate,
  logAllCommands,
  loggedCalls,
  loggedVariables,
  logScripts,
  longSleep,
  onlySteps,
  processesWith,
  replaceScript,
  runGate,
  statesOf,
  UNTIL_GONE,
} from './vocabulary/gate.ts'
import { replaceText } from './vocabulary/runs.ts'
import { addFile } from './vocabulary/static-checks.ts'
import { variablesInExample, variablesWithValue } from './vocabulary/variables.ts'
import { GATE, workflowOf, writtenSteps } from './vocabulary/workflows.ts'

/** Steps that hang: what they do at SIGTERM, and the commands. */
const HANGS = [
  [
    'ignores SIGTERM and starts something after it',
    (sleep: string) => `trap "" TERM; timeout 35 ${sleep} & sleep 5; ${sleep} & wait`,
  ],
  ['ends at SIGTERM, unlike what it started', (sleep: string) => `(trap "" TERM; exec ${sleep}) & wait`],
  ['has started what lost its parent', (sleep: string) => `(trap "" TERM; ${sleep} &); ${sleep}`],
  ['starts something when it ends', (sleep: string) => `trap "(${sleep} &); exit 0" TERM; ${sleep} & wait`],
] as const

const ON_STACK = onlySteps('set-up', 'smoke', 'migrations', 'seeds', 'teardown')
/** What these steps call, as the plan types it. */
const CALLS = [
  'setup-dev-environment --yes',
  'smoke',
  'migrate apply',
  'migrate status',
  'seed all',
  'teardown --data',
]
/** Variables of the shell that do not say where a command works. */
const KEPT = ['HMA_DOCKERD_OPTIONS', 'HMA_IMAGES', 'HMA_SECRETS', 'HMA_YES']

describe('D1.0 A run of the gate', () => {
  test.for(HANGS)(
    'D1.0.2 a step that hangs and %s is ended with all that it started, and reported',
    async ([, hang], { project }) => {
      const sleep = longSleep()
      // A group of its own for each command: what is left is not killed with the group of the gate.
      await replaceScript(project, 'scripts/check-shell.sh', `exec >/dev/null 2>&1; set -m\n${hang(sleep)}`)

      const run = await runGate(project, ['--within', '2', ...onlySteps('shell', 'smoke')], {
        timeoutMs: 25_000,
      })

      expect(run.exitCode).toBe(124)
      expect(statesOf(run)).toEqual({ shell: 'out of time', smoke: 'not run' })
      await expect.poll(() => processesWith(sleep), UNTIL_GONE).toEqual([])
    },
  )

  test.for(['sleep 33.985', 'trap "exit 0" TERM; sleep 33.985 & wait'])(
    'D1.0.2 the table names the step that hung and its limit, however it ends when it is told to: %j',
    async (hang, { project }) => {
      await replaceScript(project, 'scripts/check-shell.sh', hang)

      const words = ['--within', '2', '--only', 'shell']
      const { stdout, exitCode } = await project.run('scripts/gate.sh', words, { timeoutMs: 25_000 })

      expect(exitCode).toBe(124)
      expect(stdout).toMatch(/✗ shell .* of 2 s +out of time\ngate: shell out of time/)
    },
  )

  test('D1.0.2 the limit of a step is for all of its commands together', async ({ project }) => {
    await replaceScript(project, 'scripts/migrate.sh', 'sleep 1.7')

    const run = await runGate(project, ['--within', '3', ...onlySteps('migrations')], { timeoutMs: 25_000 })

    expect(statesOf(run)).toEqual({ migrations: 'out of time' })
  })

  test.for([
    ['SIGTERM', 'scripts/check-shell.sh', { shell: 'interrupted', smoke: 'not run' }],
    ['SIGHUP', 'scripts/check-shell.sh', { shell: 'interrupted', smoke: 'not run' }],
    ['SIGTERM', 'scripts/teardown.sh', { teardown: 'passed', acceptance: 'not run' }],
  ] as const)(
    'D1.0.3 a gate that gets %s during %s exits with 130, although that one ends with 0',
    async ([signal, script, states], { project }) => {
      for (const other of ['smoke', 'accept']) await replaceScript(project, `scripts/${other}.sh`, 'exit 0')

      const run = await interruptGate(project, script, Object.keys(states), signal)

      expect(run.exitCode).toBe(130)
      expect(statesOf(run)).toEqual(states)
    },
  )

  test.for([
    ['did not run', '', 3],
    ['failed', '1', 1],
  ] as const)(
    'D1.0.3 faults that are left out, because the specs %s, fail the gate',
    async ([, specsExit, exitCode], { project }) => {
      if (specsExit !== '') await addFile(project, '.signoff/specs.exit', specsExit)

      const run = await runGate(project, onlySteps('faults'))

      expect(run.exitCode).toBe(exitCode)
      expect(statesOf(run)).toEqual({ faults: 'failed' })
    },
  )

  test('D1.0.5 after a failure it runs the checks and the teardown, and exits with the first code', async ({
    project,
  }) => {
    await replaceScript(project, 'scripts/check-shell.sh', 'exit 7')
    await replaceScript(project, 'scripts/check-sql.sh', 'exit 8')
    await replaceScript(project, 'scripts/smoke.sh', 'exit 0')
    await replaceScript(project, 'scripts/teardown.sh', 'exit 0')
    await replaceScript(project, 'scripts/accept.sh', 'exit 0')

    const run = await runGate(project, onlySteps('shell', 'sql', 'smoke', 'teardown', 'acceptance'))

    expect(run.exitCode).toBe(7)
    expect(statesOf(run)).toEqual({
      shell: 'failed',
      sql: 'failed',
      smoke: 'not run',
      teardown: 'passed',
      acceptance: 'not run',
    })
  })

  test('D1.0.5 it runs every command of every step that it lists, in their order', async ({ project }) => {
    const commands = await logAllCommands(project)

    const run = await runGate(project, [])

    expect(run.exitCode, run.stderr).toBe(0)
    expect(new Set(Object.values(statesOf(run)))).toEqual(new Set(['passed']))
    expect(loggedCalls(project)).toEqual(commands)
  })

  test('D1.0.5 without a failure it exits with 0', async ({ project }) => {
    await replaceScript(project, 'scripts/check-shell.sh', 'exit 0')

    const run = await runGate(project, onlySteps('shell'))

    expect(run.exitCode).toBe(0)
    expect(statesOf(run)).toEqual({ shell: 'passed' })
  })
})

describe('D1.1 What the gate runs', () => {
  test('D1.1.3 compose, set-up, smoke, migrations and seeds, as the plan types them, then the teardown', async ({
    project,
  }) => {
    await logScripts(project, CALLS)

    const run = await runGate(project, [...onlySteps('compose'), ...ON_STACK])

    expect(run.exitCode, run.stderr).toBe(0)
    expect(loggedCalls(project)).toEqual(CALLS)
  })

  test.for(CALLS)(
    'D1.1.3 the gate fails when `%s` fails, and does nothing after it but the teardown',
    async (call, { project }) => {
      await logScripts(project, CALLS, call)

      const run = await runGate(project, ON_STACK)

      const before = CALLS.slice(0, CALLS.indexOf(call))
      expect(run.exitCode, run.stderr).toBe(7)
      expect(loggedCalls(project)).toEqual([...new Set([...before, call, 'teardown --data'])])
    },
  )

  test('D1.1.3 they work on the stack of the gate, whatever .env and the shell name', async ({ project }) => {
    await addFile(project, '.env', 'HMA_PROJECT=mine\nHMA_POSTGRES_PORT=15432\n')
    await logScripts(project, CALLS)
    const valued = variablesWithValue(project)
    const others = variablesInExample(project).filter((name) => !valued.includes(name))
    const named = Object.fromEntries(others.map((name) => [name, 'another']))

    await runGate(project, ON_STACK, { environment: { ...named, HMA_REDIS_PORT: '16379' } })
    const seen = loggedVariables(project)

    const ofTheGate = {
      HMA_PROJECT: 'mine-gate',
      HMA_POSTGRES_PORT: '35432',
      HMA_REDIS_PORT: '36379',
      HMA_MINIO_PORT: '29000',
    }
    expect(seen).toEqual(CALLS.map(() => expect.objectContaining(ofTheGate)))
    expect(seen.map((variables) => others.filter((name) => variables[name] !== undefined).sort())).toEqual(
      CALLS.map(() => KEPT),
    )
  })

  test.for(['docker/docker-compose.yml', 'docker/docker-compose.test.yml'])(
    'D1.1.3 it fails when %s is not valid',
    async (file, { project }) => {
      await replaceText(project, file, '\nservices:\n', '\nservices: []\nx-services:\n')

      const run = await runGate(project, onlySteps('compose'))

      expect(statesOf(run)).toEqual({ compose: 'failed' })
    },
  )

  test('F1.2.2 the gate fails when the smoke test fails, and the workflow runs it after the set-up', async ({
    project,
  }) => {
    await replaceScript(project, 'scripts/smoke.sh', 'exit 1')

    const run = await runGate(project, onlySteps('smoke'))
    const steps = workflowOf(project, GATE).jobs.stack?.steps.map(gateStepOf) ?? []

    expect(run.exitCode).toBe(1)
    expect(steps.indexOf('set-up')).toBeGreaterThan(0)
    expect(steps.indexOf('smoke')).toBeGreaterThan(steps.indexOf('set-up'))
  })

  test('F1.2.2 the gate smoke-tests every service, and the workflow always does so', async ({ project }) => {
    await logScripts(project, ['setup-dev-environment', 'smoke'])

    await runGate(project, onlySteps('set-up', 'smoke'))
    const steps = writtenSteps(project, GATE).filter((step) => gateStepOf(step) === 'smoke')

    expect(loggedCalls(project)).toEqual(['setup-dev-environment --yes', 'smoke'])
    expect(steps).toEqual([
      {
        name: expect.any(String),
        run: 'scripts/gate.sh --only smoke',
        'timeout-minutes': expect.any(Number),
      },
    ])
  })
})
