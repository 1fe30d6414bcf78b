import { describe, expect, test } from '../harness/index.ts'
import { commandsOf, gateStepOf } from './vocabulary/gate.ts'
import { replaceText } from './vocabulary/runs.ts'
import {
  allSteps,
  GATE,
  lockedActions,
  settingsOf,
  workflowFiles,
  workflowOf,
  workflowText,
  workflowValues,
  writtenSteps,
} from './vocabulary/workflows.ts'

/** What each step of the gate types. */
const COMMANDS = {
  provide: ['scripts/provide.sh'],
  types: ['tsc'],
  lint: ['biome check --error-on-warnings', 'knip --no-progress'],
  shell: ['scripts/check-shell.sh'],
  sql: ['scripts/check-sql.sh'],
  workflows: ['scripts/check-workflows.sh'],
  unit: ['vitest run --project unit'],
  compose: [
    'docker compose -f docker/docker-compose.yml config --quiet',
    'docker compose -f docker/docker-compose.yml -f docker/docker-compose.test.yml config --quiet',
  ],
  'set-up': ['scripts/setup-dev-environment.sh --yes'],
  smoke: ['scripts/smoke.sh'],
  migrations: ['scripts/migrate.sh apply', 'scripts/migrate.sh status'],
  seeds: ['scripts/seed.sh all'],
  teardown: ['scripts/teardown.sh --data'],
  acceptance: ['scripts/accept.sh specs'],
  faults: ['scripts/accept.sh faults --first'],
  'sign-off': ['scripts/accept.sh sign-off --so-far'],
}
/** What the workflow adds to `--only STEP`, because several machines share the step. */
const SHARED: Record<string, string> = {
  acceptance: ' --shard "$PART"',
  faults: ' --shard "$PART"',
  'sign-off': ' --parts',
}
/** The settings of the workflows. Any other could change what a script does, as `shell` and `working-directory` do. */
const SETTINGS = {
  workflow: ['concurrency', 'env', 'jobs', 'name', 'on', 'permissions', 'run-name'],
  job: [
    'env',
    'if',
    'name',
    'needs',
    'outputs',
    'permissions',
    'runs-on',
    'steps',
    'strategy',
    'timeout-minutes',
  ],
  step: ['env', 'id', 'if', 'name', 'run', 'timeout-minutes', 'uses', 'with'],
  env: ['BASE_SHA', 'DRAFT', 'EVENT', 'HEAD_SHA', 'HMA_YES', 'LABEL', 'PART', 'REF', 'RESULTS'],
}
/** However an expression spells it: every context is read without regard to case. */
const SECRET = /\bsecrets\b|\btoken\b|tojson\(\s*github/i

describe('D1.0 The safety of the workflows', () => {
  test('D1.0.4 no workflow has a permission but to read the contents, and none reads a secret', async ({
    project,
  }) => {
    const workflows = workflowFiles(project).map((file) => workflowOf(project, file))
    const jobs = workflows.flatMap((workflow) => Object.values(workflow.jobs))

    expect(workflows.map(({ permissions }) => permissions)).toEqual([{}, {}])
    expect(new Set(jobs.map(({ permissions }) => JSON.stringify(permissions)))).toEqual(
      new Set(['{"contents":"read"}']),
    )
    expect(
      workflowFiles(project).filter((file) => SECRET.test(JSON.stringify(workflowValues(project, file)))),
    ).toEqual([])
  })

  test('D1.0.4 every action is pinned to a commit and names its version, and leaves no credentials', async ({
    project,
  }) => {
    const uses = workflowFiles(project).flatMap((file) => workflowText(project, file).match(/uses:.*/g) ?? [])
    const checkouts = allSteps(project).filter((step) => step.uses?.startsWith('actions/checkout@'))

    expect(
      uses.filter((line) => !/^uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([])
    expect(checkouts.length).toBeGreaterThan(5)
    expect(checkouts.filter((step) => step.with['persist-credentials'] !== false)).toEqual([])
  })

  test('D1.0.4 the workflows use the actions of the lock, each with its one commit and version, and no other', async ({
    project,
  }) => {
    const uses = workflowFiles(project).flatMap((file) => workflowText(project, file).match(/uses:.*/g) ?? [])

    expect([...new Set(uses)].sort()).toEqual(lockedActions(project).map((action) => `uses: ${action}`))
  })

  test('D1.0.4 actionlint and zizmor find nothing', async ({ sharedProject: project }) => {
    const check = await project.run('scripts/check-workflows.sh')

    expect(check).toMatchObject({ exitCode: 0 })
  })

  test.for([
    [
      'an action without a commit',
      'checkout@8e8c483db84b4bee98b60c0593521ed34d9990e8 # v6.0.1',
      'checkout@v6',
      'unpinned-uses',
    ],
    ['every permission', 'permissions: {}', 'permissions: write-all', 'excessive-permissions'],
    [
      'a trigger with the rights of the repository',
      '  pull_request:',
      '  pull_request_target:',
      'dangerous-triggers',
    ],
    ['an unknown context', 'github.event_name != ', 'github.event_nam != ', 'event_nam'],
  ] as const)('D1.0.4 %s is found', async ([, find, replace, mark], { project }) => {
    await replaceText(project, `.github/workflows/${GATE}`, find, replace)

    const check = await project.run('scripts/check-workflows.sh')

    expect(check.exitCode).toBe(1)
    expect(check.stdout).toContain(mark)
  })

  test('D1.0.5 the workflow runs the steps of scripts/gate.sh, and nothing else', async ({
    sharedProject: project,
  }) => {
    const commands = await commandsOf(project)
    const ofParts = await commandsOf(project, '--shard', '2/4', '--parts')
    const runs = allSteps(project).flatMap(({ file, run }) => (file === GATE && run) || [])

    expect(commands).toEqual(COMMANDS)
    expect(ofParts).toEqual({
      ...COMMANDS,
      acceptance: ['scripts/accept.sh specs --shard 2/4'],
      faults: ['scripts/accept.sh faults --first --shard 2/4'],
      'sign-off': ['scripts/accept.sh sign-off --so-far --parts'],
    })
    expect([...new Set(runs)]).toEqual([
      'scripts/gate-decide.sh',
      ...Object.keys(commands).map((name) => `scripts/gate.sh --only ${name}${SHARED[name] ?? ''}`),
      'scripts/gate-verdict.sh',
    ])
  })

  test('D1.0.5 every job of the gate provides first, and every step that is not `always()` stops at a failure', async ({
    project,
  }) => {
    const { jobs } = workflowOf(project, GATE)
    const first = Object.values(jobs).map(({ steps }) =>
      steps.map(gateStepOf).find((name) => name !== undefined),
    )
    const conditional = Object.values(jobs).flatMap(({ steps }) =>
      steps.flatMap((step) => (step.if === undefined ? [] : `${step.name}: ${step.if}`)),
    )

    expect(first).toEqual([undefined, 'provide', 'provide', 'provide', undefined])
    expect(conditional).toEqual([
      ...['Teardown: always()', 'Keep the part: always()', 'Keep the sign-off: always()'],
    ])
  })

  test('D1.0.5 a step of the gate has its command and a limit, and nothing else', async ({ project }) => {
    const steps = writtenSteps(project, GATE).filter(gateStepOf)

    const more = steps.flatMap(({ name, run: _, 'timeout-minutes': __, ...others }) =>
      Object.keys(others).map((setting) => `${name}: ${setting}`),
    )

    expect(steps.length).toBeGreaterThan(15)
    expect(more).toEqual(['Teardown: if'])
  })

  test('D1.0.5 no step holds logic: it calls one script of the project, without settings of its own', async ({
    sharedProject: project,
  }) => {
    const runs = allSteps(project).flatMap(({ run }) => run ?? [])

    expect(settingsOf(project)).toEqual(SETTINGS)
    expect(
      runs.filter((run) => !/^scripts\/[a-z-]+\.sh( --[a-z]+( [a-z0-9-]+| "\$PART")?)*$/.test(run)),
    ).toEqual([])
  })
})
