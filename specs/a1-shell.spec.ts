import { describe, expect, test } from '../harness/index.ts'
import { prepare } from './vocabulary/compose.ts'
import { objectsFound, objectsListed } from './vocabulary/matrix.ts'
import { defaultMigrations, environmentOf } from './vocabulary/migrations.ts'
import { objectsOf } from './vocabulary/objects.ts'
import { publishedDocuments, storedDocuments } from './vocabulary/seeds.ts'
import {
  bashEnv,
  installWithFakeNpm,
  installWithUserSettings,
  runRelative,
  runSorted,
  variablesOfNode,
} from './vocabulary/shell-settings.ts'

const CALLS = [
  ['scripts/env.sh', 'example'],
  ['scripts/doctor', '--only', 'tools'],
  ['scripts/compose.sh', '--help'],
  ['scripts/compose.sh', '--variant', 'test', 'config', '--services'],
]
/** They do something, and need no stack: a database of their own is enough. */
const APPLY = ['scripts/migrate.sh', 'apply', '--json']
const SEED = ['scripts/seed.sh', 'reference', '--json']

/** The second locale is one that Node knows, and that Bash passes over in silence where it is not installed. */
const SETTINGS: [name: string, settings: Record<string, string>][] = [
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
  ['LC_ALL', { LC_ALL: 'C' }],
  ['LANG', { LANG: 'tr_TR.UTF-8' }],
  ['TZ', { TZ: 'Pacific/Kiritimati' }],
  ['DOCKER_DEFAULT_PLATFORM', { DOCKER_DEFAULT_PLATFORM: 'linux/s390x' }],
  ['npm_config_prefix', { npm_config_prefix: '/missing' }],
]

/** Of these nothing is left in a script. */
const LEFT_BEHIND: [name: string, settings: Record<string, string>][] = [
  ['SHELLOPTS', { SHELLOPTS: 'allexport:braceexpand:keyword:noclobber:noglob:physical' }],
  ['the mode of POSIX', { SHELLOPTS: 'braceexpand:posix' }],
  ['BASHOPTS', { BASHOPTS: 'dotglob:extglob:failglob:globstar:lastpipe:nocaseglob:nocasematch:nullglob' }],
  ['BASHOPTS of echo and cd', { BASHOPTS: 'cdable_vars:compat42:localvar_inherit:shift_verbose:xpg_echo' }],
  ['BASH_COMPAT', { BASH_COMPAT: '4.2' }],
  ['exported functions', { 'BASH_FUNC_cd%%': '() { false; }', 'BASH_FUNC_node%%': '() { false; }' }],
  ['the variables of git', { GIT_DIR: '/missing', GIT_WORK_TREE: '/missing', GIT_INDEX_FILE: '/missing' }],
  ['the variables of compose', { COMPOSE_PROJECT_NAME: 'other', COMPOSE_PARALLEL_LIMIT: '1' }],
  ["libpq's variables", { PGHOST: '/missing', PGOPTIONS: '-c search_path=x', PGSERVICEFILE: '/missing' }],
]

/** How this machine reaches the network is no setting of Node alone. */
const LEFT_TO_NODE = ['NODE_EXTRA_CA_CERTS', 'NODE_USE_ENV_PROXY', 'NODE_USE_SYSTEM_CA']

/** Each option overrules a setting of npm that would install less, or elsewhere. */
const NPM_CALL = [
  ...['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-global', '--package-lock'],
  ...['--bin-links', '--no-dry-run', '--install-strategy=hoisted', '--no-audit', '--no-fund'],
  '--loglevel=error',
]

describe('A1.4 Settings of the shell', () => {
  test.for(SETTINGS)('A1.4.7 %s of the caller changes nothing', async ([, settings], { project }) => {
    await prepare(project)
    const expected = await Promise.all(CALLS.map((words) => runSorted(project, words, {})))

    const found = await Promise.all(CALLS.map((words) => runSorted(project, words, settings)))

    expect(found).toEqual(expected)
    expect(found.map(({ exitCode }) => exitCode)).toEqual(CALLS.map(() => 0))
  })

  test.for(SETTINGS)(
    'A1.4.7 %s of the caller changes nothing of what apply and seed write',
    async ([, settings], { sharedProject, emptyDb }) => {
      const environment = { ...environmentOf(emptyDb), ...settings }

      const applied = await runRelative(sharedProject, APPLY, environment)
      const seeded = await runRelative(sharedProject, SEED, environment)

      expect([applied, seeded]).toMatchObject([
        { exitCode: 0, stdout: JSON.stringify({ applied: defaultMigrations(sharedProject) }) },
        { exitCode: 0, stdout: JSON.stringify({ loaded: { reference: 4 } }) },
      ])
      expect(objectsFound(await objectsOf(emptyDb))).toEqual(objectsListed())
      expect(await storedDocuments(emptyDb)).toEqual(publishedDocuments(sharedProject))
    },
  )

  test.for(LEFT_BEHIND)(
    'A1.4.7 a script has nothing of %s of the caller',
    async ([, settings], { sharedProject }) => {
      const expected = await runSorted(sharedProject, ['scripts/state'], {})

      const found = await runSorted(sharedProject, ['scripts/state'], settings)

      expect(found).toEqual(expected)
      expect(found).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('shopt -s inherit_errexit'),
      })
    },
  )

  test('A1.4.7 of the variables of Node a script has those alone that say how to reach the network', async ({
    sharedProject,
  }) => {
    const names = await variablesOfNode()
    const settings = Object.fromEntries(names.map((name) => [name, '0']))

    const { exitCode, stdout } = await runSorted(sharedProject, ['scripts/state'], settings)

    expect([exitCode, stdout.split('\n').filter((line) => line.startsWith('NODE_'))]).toEqual([
      0,
      LEFT_TO_NODE,
    ])
    expect(names).toEqual(expect.arrayContaining(['NODE_TLS_REJECT_UNAUTHORIZED', ...LEFT_TO_NODE]))
  })

  test.for<Record<string, string>>([
    { NODE_ENV: 'production' },
    { npm_config_omit: 'dev' },
    { npm_config_global: 'true' },
    { npm_config_dry_run: 'true' },
    { npm_config_prefix: '/missing' },
  ])('A1.4.7 with %o npm is called as without it', async (settings, { project }) => {
    const call = await installWithFakeNpm(project, settings)

    expect(call).toEqual({ words: NPM_CALL, NODE_ENV: '' })
  })

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

  test('A1.4.7 the settings of npm in the home folder of the user leave out nothing', async ({ project }) => {
    expect(await installWithUserSettings(project)).toEqual({ exitCode: 0, found: true })
  })

  test('A1.4.7 what an npm without development packages has installed is not complete', async ({
    project,
  }) => {
    const { words } = await installWithFakeNpm(project, {})
    const { words: again } = await installWithFakeNpm(project, {})

    expect([words[0], again[0]]).toEqual(['ci', 'ci'])
  })
})
