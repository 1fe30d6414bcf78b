import { describe, expect, test } from '../harness/index.ts'
import { outputsOf, tagCopy } from './vocabulary/gate.ts'
import {
  BACKUP_VERIFICATION,
  contextsOf,
  interpolate,
  isStarted,
  jobRuns,
  workflowOf,
} from './vocabulary/workflows.ts'

describe('D1.2 The verification of backups', () => {
  const MONDAY = { name: 'schedule', ref: 'refs/heads/main' }
  const OUTPUTS = { outputs: { tag: 'alpha-1' } }
  const MANUAL = { name: 'workflow_dispatch', ref: 'refs/heads/main' }

  test('D1.2.1 it runs once a week or by hand, and for nothing else', async ({ sharedProject: project }) => {
    const { on } = workflowOf(project, BACKUP_VERIFICATION)

    expect(on).toEqual({
      schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* [0-6]$/) }],
      workflow_dispatch: null,
    })
    expect(isStarted(workflowOf(project, BACKUP_VERIFICATION), MONDAY)).toBe(true)
  })

  test.for([
    [undefined, false],
    ['off', false],
    ['', false],
    ['on', true],
  ] as const)(
    'D1.2.1 with the variable of the repository %j it runs: %j',
    async ([value, runs], { sharedProject: project }) => {
      const vars = value === undefined ? {} : { HMA_BACKUP_VERIFICATION: value }

      const decides = [MONDAY, MANUAL].map((event) =>
        jobRuns(workflowOf(project, BACKUP_VERIFICATION), 'decide', { ...contextsOf(event), vars }),
      )

      expect(decides).toEqual([runs, runs])
    },
  )

  test.for([
    [['v1'], '', false],
    [['alphabet', 'pre-alpha-1'], '', false],
    [['alpha-1', 'alpha-9', 'alpha-10', 'alphabet', 'v1'], 'alpha-10', true],
    // The newest, and not that of the highest number.
    [['alpha-10', 'alpha-9'], 'alpha-9', true],
  ] as const)('D1.2.1 with the tags %j it verifies: %j', async ([tags, tag, runs], { project }) => {
    tagCopy(project, ...tags)

    const output = await outputsOf(project, 'scripts/alpha-tag.sh', {})
    const needs = { decide: { result: 'success', outputs: { tag: output.replace('tag=', '') } } }

    expect(output).toBe(`tag=${tag}`)
    expect(
      jobRuns(workflowOf(project, BACKUP_VERIFICATION), 'verify', { ...contextsOf(MONDAY), needs }),
    ).toBe(runs)
  })

  test('D1.2.1 it looks for the tag where all tags are', async ({ sharedProject: project }) => {
    const { jobs } = workflowOf(project, BACKUP_VERIFICATION)
    const steps = jobs.decide?.steps ?? []

    expect(steps.map(({ uses, run }) => uses?.split('@')[0] ?? run)).toEqual([
      'actions/checkout',
      'scripts/alpha-tag.sh',
    ])
    // Without a depth the action fetches one commit, and no tag.
    expect(steps[0]?.with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false })
    expect(interpolate(jobs.decide?.outputs.tag ?? '', { steps: { [steps[1]?.id ?? '']: OUTPUTS } })).toBe(
      'alpha-1',
    )
  })

  test('D1.2.1 it takes a backup of the alpha version and tests its restore', async ({
    sharedProject: project,
  }) => {
    const { jobs } = workflowOf(project, BACKUP_VERIFICATION)
    const steps = jobs.verify?.steps ?? []
    const needs = { decide: { outputs: { tag: 'alpha-1' } } }

    expect(interpolate(String(steps[0]?.with.ref), { needs })).toBe('alpha-1')
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual([
      'scripts/setup-dev-environment.sh --yes',
      'scripts/backup.sh --within 9',
      'scripts/restore-test.sh --within 9',
      'scripts/teardown.sh --data',
    ])
    expect(steps.filter((step) => step.if).map(({ name }) => name)).toEqual(['Teardown'])
  })
})
