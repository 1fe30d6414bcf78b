import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { secretsWith } from './vocabulary/secrets.ts'
import {
  outputOf,
  readEnvExample,
  runWith,
  startWithoutEach,
  usageErrorNaming,
  variablesInExample,
  variablesRead,
  variablesWithValue,
  withoutFileSuffix,
} from './vocabulary/variables.ts'

const naming = (name: string) =>
  usageErrorNaming(name, (text) => expect.stringMatching(`: ${text}\\b.+ Next: .+$`))

/** Under a fault a stack is started, and taken away. */
const SLOW = { timeout: 240_000 }

describe('A1.4 The environment', SLOW, () => {
  test('A1.4.1 .env.example names every variable that is read, and no other', async ({ sharedProject }) => {
    const named = withoutFileSuffix(variablesInExample(sharedProject))
    const read = withoutFileSuffix(variablesRead(sharedProject))

    expect([...read].filter((name) => !named.has(name))).toEqual([])
    expect([...named].filter((name) => !read.has(name))).toEqual([])
    expect(named.size).toBeGreaterThan(25)
  })

  test('A1.4.1 .env.example names a file variable for each password and key, and each name once', async ({
    sharedProject,
  }) => {
    const names = variablesInExample(sharedProject)
    const passwords = names.filter((name) => /_(?:PASSWORD|KEY_ID|KEY_SECRET)$/.test(name))

    expect(names.filter((name) => name.endsWith('_FILE'))).toEqual(passwords.map((name) => `${name}_FILE`))
    expect(passwords).toContain('HMA_APP_PASSWORD')
    expect(new Set(names).size).toBe(names.length)
  })

  test('A1.4.1 .env.example is what the list of variables prints', async ({ sharedProject }) => {
    const { stdout } = await sharedProject.run('scripts/env.sh', ['example'])

    expect(stdout).toBe(readEnvExample(sharedProject))
  })

  test.for([
    ['HMA_PROJECT', 'Not a name'],
    ['HMA_PROJECT', '-hma'],
    ['HMA_RLS', 'maybe'],
    ['HMA_BUCKET', 'ab'],
    ['HMA_BUCKET', 'a'.repeat(64)],
    ['HMA_BUCKET', 'Photos'],
    ['HMA_BUCKET', '10.0.0.1'],
    ['HMA_POSTGRES_PORT', '65536'],
    ['HMA_REDIS_PORT', '0'],
    ['HMA_ML_PORT', '8080/tcp'],
    ['HMA_MINIO_CONSOLE_PORT', '9000'],
    ['HMA_SECRETS', '/nowhere/at/all'],
    ['HMA_BACKUP_SCHEDULE', 'daily'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * *'],
    ['HMA_BACKUP_ZONE', 'Europe/Nowhere'],
    ['HMA_BACKUP_JITTER', '86401'],
    ['HMA_BACKUP_KEEP', '0,4,6'],
    ['HMA_IMAGES', 'newest'],
  ] as const)(
    'A1.4.2 %s=%s is refused before the start, in one line that names the variable',
    async ([name, value], { sharedProject, engineInspector }) => {
      const output = await runWith(sharedProject, 'scripts/compose.sh', ['up', '--wait'], { [name]: value })

      expect(output).toEqual(naming(name))
      expect(await engineInspector.composeResourcesOf(sharedProject.composeName)).toEqual([])
    },
  )

  // By the check alone: a stack of such a name would be started by a fault, and the sweep would not know it.
  test.for([
    ['HMA_PROJECT', 'a'.repeat(64)],
    ['HMA_BACKUP_KEEP', '10000,0,0'],
    ['HMA_BACKUP_KEEP', '1,10000,0'],
    ['HMA_BACKUP_KEEP', '1,0,10000'],
    ['HMA_BACKUP_KEEP', '1,0'],
    ['HMA_BACKUP_KEEP', '1,0,0,0'],
    ['HMA_BACKUP_SCHEDULE', '60 2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '30 24 * * *'],
    ['HMA_BACKUP_SCHEDULE', '30 5-2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '*/0 * * * *'],
    ['HMA_ARCHIVE_SCHEDULE', '30 1 0 * *'],
    ['HMA_ARCHIVE_SCHEDULE', '30 1 32 * *'],
    ['HMA_ARCHIVE_SCHEDULE', '30 1 30 2 *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * 0 *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * 13 *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * * 8'],
  ] as const)(
    'A1.4.2 %s=%s is beyond a bound, and is refused by name',
    async ([name, value], { sharedProject }) => {
      const output = await runWith(sharedProject, 'scripts/env.sh', ['check'], { [name]: value })

      expect(output).toEqual(naming(name))
    },
  )

  // The service would die at its start. Of a list one item is wrong, wherever it stands.
  test.for([
    ['HMA_BACKUP_SCHEDULE', '0,60 2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '30 24,2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '30 2 1,,15 * *'],
    ['HMA_ARCHIVE_SCHEDULE', '30 1 * JAN,FOO *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * * MON,8'],
    ['HMA_BACKUP_SCHEDULE', '5/10 2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '*/61 2 * * *'],
    ['HMA_BACKUP_SCHEDULE', '0 30 2 * * *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 5#2 * *'],
    ['HMA_RESTORE_TEST_SCHEDULE', '30 4 * * 5#6'],
  ] as const)(
    'A1.4.2 %s=%s is no pattern of the scheduler, and is refused by name',
    async ([name, value], { sharedProject }) => {
      const output = await runWith(sharedProject, 'scripts/env.sh', ['check'], { [name]: value })

      expect(output).toEqual(naming(name))
    },
  )

  test('A1.4.2 no variable of .env takes any value', async ({ sharedProject }) => {
    const names = variablesWithValue(sharedProject)

    const outputs = await Promise.all(
      names.map((name) => runWith(sharedProject, 'scripts/env.sh', ['check'], { [name]: '!' })),
    )

    expect(outputs).toEqual(names.map(naming))
  })

  // Compose lets the empty value win, and takes its own default instead of the value in .env.
  test('A1.4.2 a variable that is empty in the shell is refused by name, whatever .env says', async ({
    sharedProject,
  }) => {
    const names = variablesWithValue(sharedProject)

    const outputs = await Promise.all(
      names.map((name) => runWith(sharedProject, 'scripts/env.sh', ['check'], { [name]: '' })),
    )

    expect(outputs).toEqual(names.map(naming))
  })

  test.for([
    { HMA_POSTGRES_PORT: '65535', HMA_REDIS_PORT: '1', HMA_RLS: 'on', HMA_BUCKET: 'abc' },
    { HMA_POSTGRES_PORT: '1', HMA_REDIS_PORT: '65535', HMA_RLS: 'off', HMA_BUCKET: 'a'.repeat(63) },
    { HMA_ARCHIVE: 'on', HMA_BACKUP_JITTER: '0', HMA_BACKUP_KEEP: '1,0,0', HMA_BUCKET: 'hma-backup' },
    { HMA_ARCHIVE: 'off', HMA_BACKUP_JITTER: '86400', HMA_BACKUP_KEEP: '9999,9999,9999' },
    { HMA_BACKUP_SCHEDULE: '59 23 31 12 7', HMA_ARCHIVE_SCHEDULE: '0 0 1 1 0' },
    { HMA_BACKUP_SCHEDULE: '*/30 1-5 1,15 JAN-dec MON-FRI', HMA_ARCHIVE_SCHEDULE: '30 1 29 2 *' },
    { HMA_BACKUP_SCHEDULE: '30 2 30 2 SUN', HMA_RESTORE_TEST_SCHEDULE: '30 4 * * 5#2' },
    { HMA_PROJECT: 'a'.repeat(63) },
    { HMA_PROJECT: '0' },
  ])(
    'A1.4.2 values at the allowed side of each boundary are accepted: %o',
    async (variables, { sharedProject }) => {
      const { HMA_PROJECT } = { ...(await prepare(sharedProject)), ...variables }

      const output = await runWith(sharedProject, 'scripts/env.sh', ['check', '--secrets'], variables)

      expect(output).toEqual({ exitCode: 0, stdout: HMA_PROJECT, lines: [''] })
    },
  )

  test.for([
    ['scripts/env.sh', ['where'], { HMA_RLS: 'yes' }],
    ['scripts/env.sh', ['check'], { HMA_BUCKET: 'hma-backups' }],
    ['scripts/env.sh', ['check'], { HMA_BUCKET: 'hma-archive' }],
    // Its file would be looked for from another folder by each who reads it.
    ['scripts/env.sh', ['check'], { HMA_SECRETS: '.hma/secrets' }],
    ['scripts/env.sh', ['check', '--variant', 'test'], { HMA_SECRETS: '.hma/secrets' }],
    ['scripts/env.sh', ['check', '--variant', 'prod'], { HMA_SECRETS: '.hma/secrets' }],
    ['scripts/setup-dev-environment.sh', [], { HMA_RLS: 'maybe' }],
    ['scripts/smoke.sh', ['--json'], { HMA_BUCKET: 'Photos' }],
    ['scripts/teardown.sh', ['--data'], { HMA_PROJECT: 'Not a name' }],
    ['scripts/migrate.sh', ['apply'], { HMA_DATABASE_URL: '' }],
    ['scripts/migrate.sh', ['status'], { HMA_DATABASE_URL: 'mysql://localhost/hma' }],
    ['scripts/seed.sh', ['all'], { HMA_DATABASE_URL: '' }],
    ['scripts/seed.sh', ['all'], { HMA_DATABASE_URL: 'hma' }],
    ['scripts/audit.sh', ['seal'], { HMA_DATABASE_URL: '' }],
    ['scripts/images.sh', ['status'], { HMA_IMAGES: 'newest' }],
    ['scripts/images.sh', ['ensure'], { HMA_IMAGES: 'newest' }],
  ] as const)(
    'A1.4.2 %s %o prints one line that names the invalid variable',
    async ([script, words, variables], { sharedProject }) => {
      const output = await runWith(sharedProject, script, [...words], variables)

      expect(output).toEqual(naming(Object.keys(variables)[0] ?? ''))
    },
  )

  test.for([
    ['is missing', { content: undefined }],
    ['is empty', { content: '' }],
    ['no user may read', { mode: 0 }],
    ['only its owner can read', { mode: 0o400 }],
  ] as const)(
    'A1.4.2 a secret that %s prevents the start, in one line that names it',
    async ([, change], { sharedProject, engineInspector }) => {
      const HMA_SECRETS = await secretsWith(sharedProject, 'dev', 'ml-password', change)

      const output = await runWith(sharedProject, 'scripts/compose.sh', ['up', '--wait'], { HMA_SECRETS })

      expect(output).toEqual(naming('HMA_SECRETS'))
      expect(output.lines).toEqual([expect.stringContaining(' ml-password ')])
      expect(await engineInspector.composeResourcesOf(sharedProject.composeName)).toEqual([])
    },
  )

  test.for(['absent', 'empty'] as const)(
    'A1.4.2 a variable that is %s in .env prevents the start, in one line that names it',
    async (line, { project, engineInspector }) => {
      const names = variablesWithValue(project)

      const outputs = await startWithoutEach(project, names, line)

      expect(outputs).toEqual(names.map(naming))
      expect(await engineInspector.composeResourcesOf(project.composeName)).toEqual([])
    },
  )

  test.for([
    ['HMA_RLS', { HMA_RLS: 'maybe' }],
    ['HMA_ENVIRONMENT', { HMA_ENVIRONMENT: 'staging' }],
    ['HMA_APP_PASSWORD_FILE', { HMA_APP_PASSWORD_FILE: '/nowhere' }],
  ] as const)(
    'A1.4.2 with an invalid %s no migration starts',
    async ([name, variables], { project, emptyDb }) => {
      const environment = { HMA_DATABASE_URL: emptyDb.url, ...variables }

      const outcome = await project.run('scripts/migrate.sh', ['apply'], { environment })

      expect(outputOf(outcome)).toEqual(naming(name))
      expect(await emptyDb.value(`select to_regnamespace('ops') is null`)).toBe(true)
    },
  )
})
