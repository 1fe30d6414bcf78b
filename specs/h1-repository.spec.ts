import { describe, expect, test } from '../harness/index.ts'
import {
  branchRules,
  criteriaInPlan,
  exampleBranches,
  firstAndLastCriteria,
  issueTemplates,
  labelEntries,
  labelsOf,
  labelsOffered,
  tasksOf,
  templateOf,
  workstreamWords,
} from './vocabulary/repository.ts'

describe('H1.3 The repository', () => {
  test('H1.3.1 the labels are those of the workstreams and two more', async ({ project }) => {
    const words = workstreamWords(project)

    expect(words).toHaveLength(8)
    expect(labelsOf(project).toSorted()).toEqual([...words, 'good-first-issue', 'run-acceptance'].sort())
  })

  test('H1.3.1 each label has a name, a colour of six digits and a description, each of them a text', async ({
    project,
  }) => {
    const entries = labelEntries(project)

    expect(entries).toEqual(
      entries.map(() => ({
        name: expect.any(String),
        color: expect.stringMatching(/^[0-9a-f]{6}$/),
        description: expect.stringMatching(/\S/),
      })),
    )
  })

  test('H1.3.1 there is a template for an epic and one for a task, and no other', async ({ project }) => {
    expect(issueTemplates(project)).toEqual(['task.md', 'workstream-epic.md'])
  })

  test.for([
    [
      'workstream-epic.md',
      ['Acceptance criteria', 'Depends on', 'Done', 'Epic and workstream', 'Goal', 'Milestone', 'Tasks'],
    ],
    ['task.md', ['Branch', 'Done', 'Fault', 'Task and epic', 'What must hold']],
  ] as const)('H1.3.1 %s asks for %j and names every workstream', async ([file, asked], { project }) => {
    const { fields, headings, text } = templateOf(project, file)

    expect(fields.sort()).toEqual(['about', 'name', 'title'])
    expect(headings.sort()).toEqual(asked)
    expect(labelsOffered(project, file)).toEqual(workstreamWords(project))
    expect(text).toContain('smoke tests green')
  })

  test('H1.3.1 the plan names exactly the tasks of the acceptance list', async ({ project }) => {
    const { inList, inTable, inSections } = tasksOf(project)

    expect({ inTable, inSections }).toEqual({ inTable: inList, inSections: inList })
    expect(inList).toContain('H1.3')
  })

  test('H1.3.1 the plan names the first and the last criterion of each epic', async ({ project }) => {
    expect(criteriaInPlan(project)).toEqual(firstAndLastCriteria(project))
  })

  test('H1.3.1 one branch rule is stated everywhere, and every example follows it', async ({ project }) => {
    const rule = new RegExp(`^ws/(?:${workstreamWords(project).join('|')})/[a-z0-9]+(?:-[a-z0-9]+)*$`)

    const files = ['.github/ISSUE_TEMPLATE/task.md', 'CONTRIBUTING.md', 'docs/workstreams.md']
    expect(branchRules(project)).toEqual(files.map((file) => `${file}: ws/<workstream>/<short-topic>`))
    expect(exampleBranches(project)).toContain('ws/database/rls-baseline')
    expect(exampleBranches(project).filter((name) => !rule.test(name))).toEqual([])
  })
})
