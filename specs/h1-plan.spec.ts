import { describe, expect, test } from '../harness/index.ts'
import { profilesOf } from './vocabulary/compose-files.ts'
import {
  configuredSpecs,
  developmentPackages,
  missingPaths,
  pathsOfPlan,
  planTable,
  profilesOfPlan,
} from './vocabulary/names.ts'
import { FILES, FOLDERS, LABELS, PACKAGES, WORKSTREAMS } from './vocabulary/plan.ts'
import { labelsOf } from './vocabulary/repository.ts'
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

  test('H1.3.2 the labels are those of the plan', async ({ sharedProject: project }) => {
    expect(labelsOf(project).toSorted()).toEqual(LABELS.toSorted())
  })

  test.for(WORKSTREAMS)(
    'H1.3.2 workstream %s has its name, dependency and epics',
    async ([letter, name, dependsOn, epics], { sharedProject: project }) => {
      const row = planTable(project)[letter]

      expect(row?.name).toMatch(name)
      expect(row?.dependsOn).toMatch(dependsOn)
      expect(row?.epics).toEqual(epics)
    },
  )

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
})
