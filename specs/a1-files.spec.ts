import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { pathWithout } from './vocabulary/doctor.ts'
import {
  blockLock,
  createSecrets,
  LACK_A_VALUE,
  oneLine,
  putFile,
  READERS_OF_ENV,
  READERS_OF_LOCK,
  READERS_OF_SECRETS,
  runAt,
  runEach,
  SECRET_STATES,
  STATES,
  scriptsOf,
  TAKE_THE_LOCK,
  wrongUseOf,
} from './vocabulary/files.ts'

const DATABASE = { HMA_DATABASE_URL: 'postgres://hma_app@127.0.0.1:1/hma' }

// Longer than a script may take that hangs.
describe('A1.4 Files, options and locks', { timeout: 150_000 }, () => {
  test.for([
    ...STATES,
    ['a line without =', 'HMA_PROJECT=hma\nHMA_RLS'],
    ['an open quote', 'HMA_PROJECT="hma'],
    ['a variable', 'HMA_SECRETS=$HOME/secrets'],
    ['a home folder', 'HMA_SECRETS=~/secrets'],
    ['a number sign', 'HMA_SECRETS=/srv/c#1/secrets'],
    ['a blank behind =', 'HMA_PROJECT= hma'],
  ] as const)('A1.4.6 .env that has or is %s is refused in one line', async ([, state], { project }) => {
    await putFile(project, '.env', state)

    const outcome = await runAt(project, 'scripts/env.sh', ['check'])

    expect(outcome).toEqual(oneLine(2, String.raw`/\.env\b`))
  })

  test('A1.4.6 every script that reads .env refuses an unusable one in one line', async ({ project }) => {
    await putFile(project, '.env', 'folder')

    const outcomes = await runEach(project, READERS_OF_ENV)

    expect(outcomes).toEqual(READERS_OF_ENV.map((line) => [line, oneLine(2, String.raw`/\.env is no file`)]))
  })

  test.for(['.env', '.env.example'])(
    'A1.4.6 the doctor reports a folder in the place of %s',
    async (file, { project }) => {
      await putFile(project, file, 'folder')

      const { exitCode, stdout, stderr } = await runAt(project, 'scripts/doctor', ['--only', 'settings'])

      expect([exitCode, stderr]).toEqual([2, ''])
      expect(stdout).toMatch(
        new RegExp(`^✗ settings .+/${file.replaceAll('.', '\\.')} is no file\\. Next: [^\\n]+$`),
      )
    },
  )

  test.for(SECRET_STATES)(
    'A1.4.6 a secret that is %s is refused in one line',
    async ([, state], { project }) => {
      await putFile(project, '.hma/secrets/ml-password', state)

      const outcome = await runAt(project, 'scripts/env.sh', ['check', '--secrets'])

      expect(outcome).toEqual(oneLine(2, ' ml-password '))
    },
  )

  test('A1.4.6 every script that reads secrets names one that is missing in one line', async ({
    project,
  }) => {
    await putFile(project, '.hma/secrets/redis-password', undefined)

    const outcomes = await runEach(project, READERS_OF_SECRETS)

    expect(outcomes).toEqual(READERS_OF_SECRETS.map((line) => [line, oneLine(2, ' redis-password ')]))
  })

  test.for(STATES)(
    'A1.4.6 a password file that is %s is refused in one line',
    async ([, state], { project }) => {
      await putFile(project, 'password', state)

      const variables = { ...DATABASE, HMA_DATABASE_PASSWORD_FILE: 'password' }
      const outcome = await runAt(project, 'scripts/migrate.sh', ['status'], variables)

      expect(outcome).toEqual(oneLine(2, '\\bpassword\\b'))
    },
  )

  test.for(STATES)(
    'A1.4.6 docker/images.lock that is %s is refused in one line',
    async ([, state], { project }) => {
      await putFile(project, 'docker/images.lock', state)

      const outcome = await runAt(project, 'scripts/images.sh', ['status'])

      expect(outcome).toEqual(oneLine(2, String.raw`docker/images\.lock`))
    },
  )

  test('A1.4.6 every script that reads docker/images.lock refuses an unusable one in one line', async ({
    project,
  }) => {
    await putFile(project, 'docker/images.lock', 'folder')
    await createSecrets(project)

    const outcomes = await runEach(project, READERS_OF_LOCK)

    const refused = oneLine(2, String.raw`docker/images\.lock is no file`)
    expect(outcomes).toEqual(READERS_OF_LOCK.map((line) => [line, refused]))
  })

  test('A1.4.6 every script refuses an unknown option in one line that names it', async ({
    sharedProject,
  }) => {
    const variables = await prepare(sharedProject)
    const lines = scriptsOf(sharedProject).map((script) => `${script} --no-such-option`)

    const outcomes = await runEach(sharedProject, lines, variables)

    expect(outcomes).toEqual(lines.map((line) => [line, oneLine(wrongUseOf(line), '--no-such-option')]))
    expect(lines.length).toBeGreaterThan(30)
  })

  test('A1.4.6 an option without its value is refused in one line that names it', async ({ project }) => {
    const outcomes = await runEach(project, LACK_A_VALUE)

    expect(outcomes).toEqual(
      LACK_A_VALUE.map((line) => [line, oneLine(wrongUseOf(line), line.split(' ').at(-1) ?? '')]),
    )
  })

  test('A1.4.6 a script that needs a word refuses to run without it, in one line', async ({ project }) => {
    const lines = ['migrate', 'seed', 'audit', 'env', 'images', 'packages'].map(
      (name) => `scripts/${name}.sh`,
    )

    const outcomes = await runEach(project, lines)

    expect(outcomes).toEqual(lines.map((line) => [line, oneLine(2, '')]))
  })

  test.for([
    ['its file is a folder', '.hma/setup.lock/x'],
    ['its folder is a file', '.hma'],
  ] as const)('A1.4.6 a lock is not taken for held where %s', async ([, file], { project }) => {
    await blockLock(project, file)

    const outcomes = await runEach(project, TAKE_THE_LOCK)

    expect(outcomes).toEqual(
      TAKE_THE_LOCK.map((line) => [line, oneLine(3, String.raw`setup\.lock cannot be written`)]),
    )
  })

  test('A1.4.6 a lock is not taken for held where perl is missing', async ({ project }) => {
    const PATH = await pathWithout(project, 'perl')

    const outcomes = await runEach(project, TAKE_THE_LOCK, { PATH })

    expect(outcomes).toEqual(TAKE_THE_LOCK.map((line) => [line, oneLine(3, 'perl is missing')]))
  })
})
