import { describe, expect, test } from '../harness/index.ts'
import { runEach } from './vocabulary/files.ts'
import { ON_THE_STACK_ALONE, SCRIPTS } from './vocabulary/stack-scripts.ts'
import { typed } from './vocabulary/typed.ts'
import { variablesInExample } from './vocabulary/variables.ts'

const OF_THE_DATABASE = [...SCRIPTS.map(([line]) => line), ...ON_THE_STACK_ALONE]
const OF_THE_CACHE = ['scripts/cache-stats.sh', 'scripts/smoke.sh']

/** Every variable that names a server or its password, and the scripts that use it. */
const NAMING_A_SERVER: [name: string, lines: string[]][] = [
  ['HMA_DATABASE_URL', OF_THE_DATABASE],
  ['HMA_DATABASE_PASSWORD', OF_THE_DATABASE],
  ['HMA_DATABASE_PASSWORD_FILE', OF_THE_DATABASE],
  ['HMA_REDIS_URL', OF_THE_CACHE],
  ['HMA_REDIS_PASSWORD', OF_THE_CACHE],
  ['HMA_REDIS_PASSWORD_FILE', OF_THE_CACHE],
  ['HMA_STORE_URL', ON_THE_STACK_ALONE],
  ['HMA_STORE_KEY_ID', ON_THE_STACK_ALONE],
  ['HMA_STORE_KEY_ID_FILE', ON_THE_STACK_ALONE],
  ['HMA_STORE_KEY_SECRET', ON_THE_STACK_ALONE],
  ['HMA_STORE_KEY_SECRET_FILE', ON_THE_STACK_ALONE],
  ['HMA_BACKUP_BUCKET', ON_THE_STACK_ALONE],
  ['HMA_ARCHIVE_BUCKET', ON_THE_STACK_ALONE],
]
/** `HMA_BUCKET` is one of the stack's own settings. */
const NAMES_A_SERVER =
  /^HMA_(?:(?:DATABASE|REDIS)_(?:URL|PASSWORD)|STORE_(?:URL|KEY)|(?:BACKUP|ARCHIVE)_BUCKET)/

// No stack is needed: a script that looks for one says with another exit code that there is none.
describe('A1.4 A variable that names another server', { timeout: 120_000 }, () => {
  test('A1.4.4 .env.example names no other variable of a server that a script works on', async ({
    project,
  }) => {
    const names = variablesInExample(project)

    expect(names.filter((name) => NAMES_A_SERVER.test(name)).sort()).toEqual(
      NAMING_A_SERVER.map(([name]) => name).sort(),
    )
  })

  test.for(NAMING_A_SERVER)(
    'A1.4.4 with %s alone, no script looks for the stack',
    async ([name, lines], { project }) => {
      await typed(project, 'cp .env.example .env')

      const outcomes = await runEach(project, lines, { HMA_PROJECT: project.composeName, [name]: '' })
      const given = await runEach(project, lines, { HMA_PROJECT: project.composeName, [name]: 'x' })

      // A password alone may be refused because there is no URL.
      const [server = ''] = /^HMA_[A-Z]+/.exec(name) ?? []
      const named = new RegExp(`\\b(?:${name}|${server}_(?:URL|PASSWORD))\\b`)
      const refused = { exitCode: 2, stdout: '', stderr: expect.stringMatching(named) }
      expect([...outcomes, ...given]).toEqual([...lines, ...lines].map((line) => [line, refused]))
    },
  )
})
