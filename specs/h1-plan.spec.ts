import { describe, expect, test } from '../harness/index.ts'
import { profilesOf } from './vocabulary/compose-files.ts'
import { synchroniseLabels } from './vocabulary/labels.ts'
import {
  configuredSpecs,
  developmentPackages,
  missingPaths,
  pathsOfPlan,
  profilesOfPlan,
} from './vocabulary/names.ts'
import { FILES, FOLDERS, LABELS, PACKAGES, RUN_TESTS, WORKSTREAMS } from './vocabulary/plan.ts'
import { goalsInList, planSections, planTable } from './vocabulary/plan-page.ts'
import { exitCodesOfTests } from './vocabulary/planted-tests.ts'
import { labelEntries, labelsOf } from './vocabulary/repository.ts'
import { scriptsIn, scriptsNotRun } from './vocabulary/scripts-run.ts'
import { checkWithFakes, PARTS } from './vocabulary/static-checks.ts'

describe('H1.3 The names of the plan', () => {
  test('H1.3.2 every file and folder of the plan exists under its name', async ({
    sharedProject: project,
  }) => {
    expect(missingPaths(project, FILES, 'file')).toEqual([])
    expect(missingPaths(project, FOLDERS, 'folder')).toEqual([])
  })

  test('H1.3.2 every path that the page of the plan names exists', async ({ sharedProject: project }) => {
    const paths = pathsOfPlan(project)
    const folders = paths.filter((path) => path.endsWith('/'))
    const files = paths.filter((path) => !path.endsWith('/'))

    expect(missingPaths(project, folders, 'folder')).toEqual([])
    expect(missingPaths(project, files, 'file')).toEqual([])
    expect(Math.min(folders.length, files.length)).toBeGreaterThan(10)
  })

  test('H1.3.2 every script that this page names is run, by a spec or a block of a document', async ({
    sharedProject: project,
  }) => {
    const paths = pathsOfPlan(project)

    expect(scriptsNotRun(project, paths)).toEqual([])
    expect(scriptsIn(paths).length).toBeGreaterThan(10)
  })

  test('H1.3.2 every profile that this page names is one of compose', async ({ sharedProject: project }) => {
    const known = profilesOf(project)

    expect(profilesOfPlan(project).filter((name) => !known.includes(name))).toEqual([])
    expect(profilesOfPlan(project).length).toBeGreaterThan(1)
  })

  test.for(PARTS)('H1.3.2 the local check fails when %s finds something', async (part, { project }) => {
    expect((await checkWithFakes(project, part)).exitCode).toBe(1)
  })

  test('H1.3.2 every script can be executed', async ({ sharedProject: project }) => {
    const scripts = FILES.filter((file) => file.startsWith('scripts/'))

    expect(missingPaths(project, scripts, 'executable')).toEqual([])
  })

  test('H1.3.2 the harness is built on the packages of the plan, and vitest runs the specs', async ({
    project,
  }) => {
    expect(developmentPackages(project)).toEqual(expect.arrayContaining(PACKAGES))
    expect(await configuredSpecs(project)).toContain('specs/**/*.spec.ts')
  })

  test('H1.3.2 `npx vitest`, typed exactly as written, runs the tests that are there, and fails when one fails', async ({
    project,
  }) => {
    expect(await exitCodesOfTests(project, RUN_TESTS)).toEqual([0, 1])
  })

  test('H1.3.2 the labels are those of the plan', async ({ sharedProject: project }) => {
    expect(labelsOf(project).toSorted()).toEqual(LABELS.toSorted())
  })

  test('H1.3.2 the page of the plan has its workstreams word by word: name, dependency and epics', async ({
    sharedProject: project,
  }) => {
    expect(planTable(project)).toEqual(WORKSTREAMS.map(({ tasks: _, ...row }) => row))
  })

  test('H1.3.2 each workstream has a section with its name and the tasks of the plan word by word', async ({
    sharedProject: project,
  }) => {
    const sections = planSections(project).map(({ heading, tasks }) => ({ heading, tasks }))

    expect(sections).toEqual(
      WORKSTREAMS.map(({ letter, name, tasks }) => ({ heading: `${letter} ${name}`, tasks })),
    )
  })

  test('H1.3.2 each section has the goal of the acceptance list, deliverables, tasks, criteria and folders', async ({
    sharedProject: project,
  }) => {
    const sections = planSections(project)

    const parts = ['Goal', 'Deliverables', 'Tasks', 'Acceptance', 'Lives in']
    expect(sections.map(({ goal }) => goal)).toEqual(goalsInList(project))
    expect(sections.map((section) => section.parts)).toEqual(WORKSTREAMS.map(() => parts))
  })

  test('H1.3.2 the labels are synchronised by one command each, and none is removed', async ({
    sharedProject: project,
  }) => {
    const { exitCode, stdout } = await project.run('scripts/labels.sh', ['--dry-run'])
    const commands = stdout.split('\n')

    expect(exitCode).toBe(0)
    expect(commands.map((command) => command.split(' ')[3])).toEqual(labelsOf(project))
    expect(
      commands.filter(
        (command) => !/^gh label create .* --color \w{6} --description .+ --force $/.test(command),
      ),
    ).toEqual([])
  })

  test('H1.3.2 gh is called once for each label, also when it reads its standard input', async ({
    project,
  }) => {
    const { exitCode, calls } = await synchroniseLabels(project)

    const entries = labelEntries(project).map(({ name, color, description }) =>
      ['label', 'create', name, '--color', color, '--description', description, '--force'].map(String),
    )
    expect(exitCode).toBe(0)
    expect(calls).toEqual(entries)
  })

  test('H1.3.2 after a label that gh refuses, the synchronisation fails', async ({ project }) => {
    const { exitCode, calls } = await synchroniseLabels(project, 1)

    expect(exitCode).toBe(1)
    expect(calls).toHaveLength(1)
  })
})
