import { describe, expect, test } from '../harness/index.ts'
import { pathWithout } from './vocabulary/doctor.ts'
import { blockLock, oneLine, putFile, runAt, SECRET_STATES, STATES } from './vocabulary/files.ts'

const DATABASE = { HMA_DATABASE_URL: 'postgres://hma_app@127.0.0.1:1/hma' }

describe('A1.4 Files, options and locks', () => {
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

  test.for([
    ['scripts/compose.sh', ['ps']],
    ['scripts/teardown.sh', ['--data']],
    ['scripts/smoke.sh', []],
    ['scripts/setup-dev-environment.sh', []],
    ['scripts/migrate.sh', ['status']],
    ['scripts/seed.sh', ['reference']],
    ['scripts/audit.sh', ['head']],
    ['scripts/images.sh', ['env']],
  ] as const)('A1.4.6 %s %o refuses an unusable .env in one line', async ([script, words], { project }) => {
    await putFile(project, '.env', 'folder')

    const outcome = await runAt(project, script, words)

    expect(outcome).toEqual(oneLine(2, String.raw`/\.env is no file`))
  })

  test('A1.4.6 the doctor reports an unusable .env', async ({ project }) => {
    await putFile(project, '.env', 'folder')

    const { exitCode, stdout, stderr } = await runAt(project, 'scripts/doctor', ['--only', 'settings'])

    expect([exitCode, stderr]).toEqual([2, ''])
    expect(stdout).toMatch(/^✗ settings .+\.env is no file\. Next: [^\n]+$/)
  })

  test.for(SECRET_STATES)(
    'A1.4.6 a secret that is %s is refused in one line',
    async ([, state], { project }) => {
      await putFile(project, '.hma/secrets/ml-password', state)

      const outcome = await runAt(project, 'scripts/env.sh', ['check', '--secrets'])

      expect(outcome).toEqual(oneLine(2, ' ml-password '))
    },
  )

  test('A1.4.6 a smoke test without its secret is refused in one line', async ({ project }) => {
    await putFile(project, '.hma/secrets/redis-password', undefined)

    const outcome = await runAt(project, 'scripts/smoke.sh', ['--only', 'redis'])

    expect(outcome).toEqual(oneLine(2, ' redis-password '))
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

  test.for([
    ['scripts/teardown.sh', ['--variant'], 2],
    ['scripts/compose.sh', ['--variant'], 2],
    ['scripts/compose.sh', ['--variant='], 2],
    ['scripts/setup-dev-environment.sh', ['--variant'], 2],
    ['scripts/smoke.sh', ['--within'], 2],
    ['scripts/smoke.sh', ['--only'], 2],
    ['scripts/env.sh', ['where', '--variant'], 2],
    ['scripts/migrate.sh', ['apply', '--to'], 2],
    ['scripts/seed.sh', [], 2],
    ['scripts/audit.sh', ['verify', '--head'], 2],
    ['scripts/images.sh', [], 2],
    ['scripts/packages.sh', [], 2],
    ['scripts/doctor', ['--need-disk'], 64],
    ['scripts/doctor', ['--only'], 64],
  ] as const)(
    'A1.4.6 %s %o lacks a value, and says so in one line',
    async ([script, words, exitCode], { project }) => {
      const outcome = await runAt(project, script, words)

      expect(outcome).toEqual(oneLine(exitCode, ''))
    },
  )

  test.for([
    ['its file is a folder', '.hma/setup.lock/x'],
    ['its folder is a file', '.hma'],
  ] as const)('A1.4.6 a lock is not taken for held where %s', async ([, file], { project }) => {
    await blockLock(project, file)

    const outcome = await runAt(project, 'scripts/teardown.sh', [])

    expect(outcome).toEqual(oneLine(3, String.raw`setup\.lock cannot be written`))
  })

  test('A1.4.6 a lock is not taken for held where perl is missing', async ({ project }) => {
    const PATH = await pathWithout(project, 'perl')

    const outcome = await runAt(project, 'scripts/teardown.sh', [], { PATH })

    expect(outcome).toEqual(oneLine(3, 'perl is missing'))
  })
})
