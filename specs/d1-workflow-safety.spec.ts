import { describe, expect, test } from '../harness/index.ts'
import { gateStepOf, gateSteps } from './vocabulary/gate.ts'
import { replaceText } from './vocabulary/runs.ts'
import { allSteps, GATE, workflowFiles, workflowOf, workflowText } from './vocabulary/workflows.ts'

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
      workflowFiles(project).filter((file) => /secrets\.|github\.token/.test(workflowText(project, file))),
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
    const names = (await gateSteps(project)).map(({ name }) => name)
    const runs = allSteps(project).filter(({ file, run }) => file === GATE && run !== undefined)
    const inWorkflow = runs.map(gateStepOf).filter((name) => name !== undefined)

    expect([...new Set(inWorkflow)]).toEqual(names)
    expect(runs.filter((step) => !gateStepOf(step)).map(({ run }) => run)).toEqual([
      'scripts/gate-decide.sh',
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
      steps.filter((step) => step.if).map(({ name }) => name),
    )

    expect(first).toEqual([undefined, 'provide', 'provide', 'provide', undefined])
    expect(conditional).toEqual(['Teardown', 'Keep the part', 'Keep the sign-off'])
  })

  test('D1.0.5 no step holds logic: it calls one script of the project', async ({
    sharedProject: project,
  }) => {
    const runs = allSteps(project).flatMap(({ run }) => run ?? [])

    expect(
      runs.filter((run) => !/^scripts\/[a-z-]+\.sh( --[a-z]+( [a-z-]+| "\$PART")?)*$/.test(run)),
    ).toEqual([])
  })
})
