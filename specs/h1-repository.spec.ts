import { describe, expect, test } from '../harness/index.ts'
import { ownerRules, ownersOf } from './vocabulary/code-owners.ts'
import { missingPaths } from './vocabulary/names.ts'
import { DONE, MILESTONES } from './vocabulary/plan.ts'
import { planSections } from './vocabulary/plan-page.ts'
import {
  boxesOf,
  branchRules,
  criteriaInPlan,
  doneInPlan,
  exampleBranches,
  firstAndLastCriteria,
  headingsOf,
  issueTemplates,
  labelEntries,
  labelsOf,
  labelsOffered,
  tasksOf,
  templateOf,
  workstreamWords,
} from './vocabulary/repository.ts'
import {
  criteriaLeft,
  criteriaOf,
  criteriaWithNo,
  criteriaWithoutSpec,
  milestonesOf,
} from './vocabulary/to-do.ts'

const PULL_REQUEST = 'pull_request_template.md'
/** What is ticked, in each template. */
const BOXES = [
  [
    'ISSUE_TEMPLATE/task.md',
    [
      'spec and fault are in the same pull request',
      ...['merged to main', 'documentation updated', 'smoke tests green (`scripts/smoke.sh`)'],
    ],
  ],
  [
    'ISSUE_TEMPLATE/workstream-epic.md',
    [
      ...[
        'one line for each task, with its number',
        'every criterion is proven and seen red (`npm run prove A1`)',
      ],
      ...['merged to main', 'documentation updated', 'smoke tests green (`scripts/smoke.sh`)'],
    ],
  ],
  [PULL_REQUEST, ['each criterion has its spec and its fault', 'documentation updated']],
] as const

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
  ] as const)('H1.3.1 %s asks for %j and names every workstream', async ([file, sections], { project }) => {
    const { fields, headings } = templateOf(project, file)

    expect(fields.sort()).toEqual(['about', 'name', 'title'])
    expect(headings.sort()).toEqual(sections)
    expect(labelsOffered(project, file)).toEqual(workstreamWords(project))
  })

  test('H1.3.1 a pull request names its epic and its criteria, says what it changes and which smoke step was run', async ({
    project,
  }) => {
    expect(headingsOf(project, PULL_REQUEST)).toEqual([
      'Epic and criteria',
      'What changes, and why',
      'Smoke step that was run before the push',
    ])
  })

  test.for(BOXES)('H1.3.1 %s has exactly these boxes to tick: %j', async ([file, boxes], { project }) => {
    expect(boxesOf(project, file)).toEqual(boxes)
  })

  test('H1.3.1 done means the same on the page of the plan and in both issue templates', async ({
    project,
  }) => {
    const boxes = issueTemplates(project).map((file) => boxesOf(project, `ISSUE_TEMPLATE/${file}`))

    expect(doneInPlan(project)).toEqual([...DONE, 'every criterion of the task proven and seen red'])
    expect(boxes.map((own) => DONE.filter((part) => own.some((box) => box.startsWith(part))))).toEqual([
      DONE,
      DONE,
    ])
  })

  test('H1.3.1 the milestones are the same in the list of what is left, in the plan and in the template of an epic', async ({
    project,
  }) => {
    expect(milestonesOf(project)).toEqual({ toDo: MILESTONES, plan: MILESTONES, template: MILESTONES })
  })

  test('H1.3.1 what is left is said of criteria of the acceptance list, or of all', async ({ project }) => {
    const known = [...criteriaOf(project), 'all']
    const left = criteriaLeft(project)

    expect(left.flat().filter((id) => !known.includes(id))).toEqual([])
    expect(left.length).toBeGreaterThan(0)
  })

  test('H1.3.1 a criterion without a spec, or whose spec leaves out one of the four questions, is named in what is left', async ({
    project,
  }) => {
    const named = criteriaLeft(project).flat()
    const open = [...criteriaWithoutSpec(project), ...criteriaWithNo(project)]

    expect(open.filter((id) => !named.includes(id))).toEqual([])
    expect(criteriaOf(project).length).toBeGreaterThan(100)
  })

  test('H1.3.1 each workstream is asked to review every folder that it lives in, and every owner is a workstream', async ({
    project,
  }) => {
    const teams = workstreamWords(project).map((word) => `@hma/${word}`)
    const lives = planSections(project).map(({ livesIn }) => livesIn)

    const notAsked = lives.map((folders, at) =>
      folders.filter((folder) => !ownersOf(project, folder).includes(teams[at] ?? '')),
    )
    const rules = ownerRules(project)
    expect(notAsked).toEqual(teams.map(() => []))
    expect(lives.filter((folders) => folders.length === 0)).toEqual([])
    expect(rules.flatMap(({ owners }) => owners).filter((owner) => !teams.includes(owner))).toEqual([])
  })

  test('H1.3.1 every rule about owners is for a folder that exists, and asks somebody', async ({
    project,
  }) => {
    const [first, ...rules] = ownerRules(project)
    const folders = rules.map(({ path }) => path)

    expect(first).toEqual({ path: '*', owners: ['@hma/infra'] })
    expect(missingPaths(project, folders, 'folder')).toEqual([])
    expect(folders.filter((folder) => !folder.endsWith('/'))).toEqual([])
    expect(rules.filter(({ owners }) => owners.length === 0)).toEqual([])
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
