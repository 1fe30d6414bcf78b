import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { createSecrets, oneLine, putFile, runAt, runEach } from './vocabulary/files.ts'
import {
  applyWithEachUnreadable,
  COMPOSE_FILES,
  installTools,
  READ_BY_SCRIPTS,
  runWithUnreadable,
} from './vocabulary/project-files.ts'

/** No server is there: what reads a file first says so, and asks nobody. */
const DATABASE = { HMA_DATABASE_URL: 'postgres://hma_migrator@127.0.0.1:1/hma' }
const pattern = (file: string) => file.replaceAll('.', '\\.')

// Longer than a script may take that hangs.
describe('A1.4 Files of the project', { timeout: 150_000 }, () => {
  test.for(READ_BY_SCRIPTS)(
    'A1.4.6 %s that is a folder or a link to itself is refused in one line by every script that reads it',
    async ([file, names], { project }) => {
      const lines = names.map((name) => `scripts/${name}`)

      const ends = await runWithUnreadable(project, file, lines, DATABASE)

      expect(ends).toEqual([...lines, ...lines].map((line) => [line, oneLine(2, pattern(file))]))
    },
  )

  test('A1.4.6 a folder in the place of any SQL file of the runner is refused in one line', async ({
    project,
  }) => {
    const ends = await applyWithEachUnreadable(project, DATABASE)

    expect(ends).toEqual(ends.map(([file]) => [file, oneLine(2, `${pattern(file)} is no file`)]))
    expect(ends.length).toBeGreaterThan(20)
  })

  test.for(COMPOSE_FILES)(
    'A1.4.6 without %s nothing is printed, but one line that names it',
    async (file, { project }) => {
      await putFile(project, file, undefined)
      const lines = ['scripts/env.sh example', 'scripts/compose.sh ps']

      const ends = await runEach(project, lines)

      expect(ends).toEqual(lines.map((line) => [line, oneLine(2, pattern(file))]))
    },
  )

  test('A1.4.6 a folder in the place of package-lock.json is refused in one line', async ({ project }) => {
    await putFile(project, 'package-lock.json', 'folder')
    // A link leads to the packages of another clone, and nothing is installed.
    await rm(join(project.root, 'node_modules'))

    const outcome = await runAt(project, 'scripts/dependencies.sh', [])

    expect(outcome).toEqual(oneLine(2, 'package-lock\\.json'))
  })

  test('A1.4.6 a folder in the place of a file that is mounted is refused before anything is created', async ({
    project,
  }) => {
    await putFile(project, 'docker/bucket.sh', 'folder')
    await createSecrets(project)

    const outcome = await runAt(project, 'scripts/compose.sh', ['--variant', 'test', 'create'])

    expect(outcome).toEqual(oneLine(2, 'docker/bucket\\.sh'))
  })

  test.for([
    ['is no YAML', '- [\n'],
    ['has an entry without a reason', '- tool: squawk\n  rule: any\n  files: "*"\n'],
    ['is no list', 'tool: squawk\n'],
    ['is empty', ''],
  ] as const)('A1.4.6 a list of exceptions that %s is refused in one line', async ([, text], { project }) => {
    await installTools(project)
    await putFile(project, 'migrations/lint/exceptions.yaml', text)

    const outcome = await runAt(project, 'scripts/check-sql.sh', ['seeds/people.sql'])

    expect(outcome).toEqual(oneLine(2, 'migrations/lint/exceptions\\.yaml'))
  })

  test('A1.4.6 a folder that is named in the place of an SQL file is refused in one line', async ({
    project,
  }) => {
    await installTools(project)

    const outcome = await runAt(project, 'scripts/check-sql.sh', ['seeds'])

    expect(outcome).toEqual(oneLine(2, 'seeds is no file'))
  })
})
