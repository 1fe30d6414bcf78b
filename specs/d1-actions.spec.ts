import { describe, expect, test } from '../harness/index.ts'
import { type Commits, checkActions, makeAction } from './vocabulary/actions.ts'
import { MANUAL } from './vocabulary/events.ts'
import {
  BACKUP_VERIFICATION,
  contextsOf,
  jobRuns,
  stepsThatType,
  workflowOf,
} from './vocabulary/workflows.ts'

const PLAIN = ({ first }: Commits) => `actions/one@${first} # v1.0.0`
const OBJECT = ({ second }: Commits) => `actions/one@${second} # v2.0.0`

/** Lines of the list, and how the check ends. */
const LISTS = [
  ['of two that are their versions', [PLAIN, OBJECT], 0],
  ['with a commit of another version', [PLAIN, ({ first }: Commits) => `actions/one@${first} # v2.0.0`], 1],
  ['with a version that nobody made', [({ first }: Commits) => `actions/one@${first} # v3.0.0`, OBJECT], 1],
  ['with an action that is not found', [PLAIN, ({ first }: Commits) => `actions/two@${first} # v1.0.0`], 3],
  ['without an action', [], 2],
] as const

describe('D1.0 The actions of the workflows', () => {
  test.for(LISTS)(
    'D1.0.4 the commits of a list %s are compared with their versions',
    async ([, lines, exitCode], { project }) => {
      const commits = makeAction(project)

      const check = await checkActions(
        project,
        lines.map((line) => line(commits)),
      )

      expect(check.exitCode, check.stderr).toBe(exitCode)
    },
  )

  test('D1.0.4 they are compared every week, also where there is no alpha tag, and nothing hides that one differs', ({
    sharedProject: project,
  }) => {
    const workflow = workflowOf(project, BACKUP_VERIFICATION)
    const needs = { decide: { result: 'success', outputs: { tag: '' } } }
    const skipped = { decide: { result: 'skipped' } }

    expect(stepsThatType(project, BACKUP_VERIFICATION, 'scripts/check-actions.sh')).toEqual({
      count: 1,
      exceptions: [],
    })
    expect(jobRuns(workflow, 'actions', { ...contextsOf(MANUAL), needs })).toBe(true)
    expect(jobRuns(workflow, 'actions', { ...contextsOf(MANUAL), needs: skipped })).toBe(false)
  })
})
