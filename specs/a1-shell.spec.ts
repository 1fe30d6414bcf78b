import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { bashEnv, installWithFakeNpm, runRelative, runSorted } from './vocabulary/shell-settings.ts'

const CALLS = [
  ['scripts/env.sh', 'example'],
  ['scripts/doctor', '--only', 'tools'],
  ['scripts/compose.sh', '--help'],
  ['scripts/compose.sh', '--variant', 'test', 'config', '--services'],
]

describe('A1.4 Settings of the shell', () => {
  test.for([
    ['CDPATH', { CDPATH: '.:scripts' }],
    ['POSIXLY_CORRECT', { POSIXLY_CORRECT: '1' }],
    ['GREP_OPTIONS', { GREP_OPTIONS: '--invert-match' }],
    ['NODE_ENV', { NODE_ENV: 'production' }],
    ['NODE_OPTIONS', { NODE_OPTIONS: '--require=./missing.cjs' }],
    ['NODE_DEBUG', { NODE_DEBUG: 'module,net' }],
    ['COMPOSE_PROFILES', { COMPOSE_PROFILES: 'tools,backup' }],
    ['COMPOSE_FILE', { COMPOSE_FILE: '/missing.yml', COMPOSE_ENV_FILES: '/missing.env' }],
    ['options', { SHELLOPTS: 'braceexpand:noclobber:noglob' }],
    ['BASH_ENV', { BASH_ENV: bashEnv }],
  ] as const)('A1.4.7 %s of the caller changes nothing', async ([, settings], { project }) => {
    await prepare(project)
    const expected = await Promise.all(CALLS.map((words) => runSorted(project, words, {})))

    const found = await Promise.all(CALLS.map((words) => runSorted(project, words, settings)))

    expect(found).toEqual(expected)
    expect(found.map(({ exitCode }) => exitCode)).toEqual(CALLS.map(() => 0))
  })

  test.for([{ NODE_ENV: 'production' }, { npm_config_omit: 'dev' }, { npm_config_global: 'true' }])(
    'A1.4.7 with %o npm installs what development needs',
    async (settings, { project }) => {
      const { words, NODE_ENV } = await installWithFakeNpm(project, settings)

      expect(words).toEqual(
        expect.arrayContaining([
          'ci',
          '--ignore-scripts',
          '--include=dev',
          '--include=optional',
          '--no-global',
        ]),
      )
      expect(NODE_ENV).toBe('')
    },
  )

  test.for([
    [{}, 'none'],
    [{ HMA_DATABASE_URL: 'postgres://db.example/hma' }, 'require'],
  ] as const)(
    'A1.4.7 PGSSLMODE counts only for a server that is named: %o',
    async ([variables, expected], { project }) => {
      const { stdout } = await runRelative(project, ['scripts/probe'], { PGSSLMODE: 'require', ...variables })

      expect(stdout).toBe(expected)
    },
  )

  test('A1.4.7 what an npm without development packages has installed is not complete', async ({
    project,
  }) => {
    const { words } = await installWithFakeNpm(project, {})
    const { words: again } = await installWithFakeNpm(project, {})

    expect([words[0], again[0]]).toEqual(['ci', 'ci'])
  })
})
