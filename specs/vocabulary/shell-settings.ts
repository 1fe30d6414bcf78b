// Settings of a shell that a script inherits.
import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Outcome, Project } from '../../harness/index.ts'

/** A file that Bash sources before every script; each copy of the project has it there. */
export const bashEnv = '.bash-env'
const BASH_ENV = `set -o noclobber; set -o noglob; IFS=,; shopt -s expand_aliases; alias cd=false printf=false shopt=: unset=:\n`

/** A script that prints what it has inherited of libpq's settings. */
const PROBE = `#!/usr/bin/env bash
source "$(dirname "\${BASH_SOURCE[0]}")/lib.sh"
say "\${PGSSLMODE-none}"
`

/** A script that prints what it has of its caller: options, functions and the names of exported variables. */
const STATE = `#!/usr/bin/env bash
source "$(dirname "\${BASH_SOURCE[0]}")/lib.sh"
set +o
shopt -p
declare -F
compgen -e
`

/** Names of the variables that Node reads, as its manual on the command line has them, and some that it leaves out. */
export async function variablesOfNode(): Promise<string[]> {
  const { stdout } = await execa(process.execPath, ['--help'])
  const [, listed = ''] = stdout.split(/^Environment variables:$/m)
  const names = [...listed.matchAll(/^NODE_\w+/gm)].map(([name]) => name)
  const others = ['NODE_ENV', 'NODE_OPTIONS', 'NODE_USE_ENV_PROXY', 'NODE_USE_SYSTEM_CA', 'NODE_OF_TOMORROW']
  return [...new Set([...names, ...others])]
}

/** Runs a script by its relative path, as one types it: not by `exec`, which makes the path absolute. */
export async function runRelative(
  { root }: Project,
  [script = '', ...words]: string[],
  settings: Record<string, string>,
): Promise<Outcome> {
  await writeFile(join(root, bashEnv), BASH_ENV)
  await writeFile(join(root, 'scripts/probe'), PROBE, { mode: 0o755 })
  await writeFile(join(root, 'scripts/state'), STATE, { mode: 0o755 })
  const { PATH = '', HOME = '' } = process.env
  const options = {
    cwd: root,
    extendEnv: false,
    env: { PATH, HOME, LANG: 'C.UTF-8', ...settings },
    reject: false,
    stdin: 'ignore' as const,
    timeout: 60_000,
  }
  const {
    exitCode = 1,
    stdout,
    stderr,
  } = await execa('bash', ['-c', `${script} "$@"`, 'bash', ...words], options)
  return { exitCode, stdout, stderr }
}

/** The same with its lines in order: compose prints services in any. */
export async function runSorted(...call: Parameters<typeof runRelative>): Promise<Outcome> {
  const outcome = await runRelative(...call)
  return { ...outcome, stdout: outcome.stdout.split('\n').sort().join('\n') }
}

/** An npm that installs nothing, and writes down how it was called. */
const FAKE_NPM = `#!/bin/sh
mkdir -p node_modules
{ echo "NODE_ENV=$NODE_ENV"; printf '%s\\n' "$@"; } >npm-call
`

const PACKAGE = { vitest: 'file:.fake' }

/** Runs scripts/dependencies.sh where nothing is installed. */
export async function installWithFakeNpm(
  project: Project,
  settings: Record<string, string>,
): Promise<{ words: string[]; NODE_ENV: string }> {
  const folder = join(project.root, '.path')
  await rm(join(project.root, 'node_modules'), { recursive: false, force: true }).catch(() => {})
  await rm(join(project.root, 'npm-call'), { force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'npm'), FAKE_NPM)
  await chmod(join(folder, 'npm'), 0o755)
  const environment = { ...settings, PATH: `${folder}:${process.env.PATH}` }
  await project.run('scripts/dependencies.sh', [], { environment })
  const text = await readFile(join(project.root, 'npm-call'), 'utf8').catch(() => '')
  const [first = '', ...words] = text.trim().split('\n')
  return { words, NODE_ENV: first.replace('NODE_ENV=', '') }
}

/** Settings of a user, each of which leaves out, or puts elsewhere, what is to be installed. */
const NPMRC = [
  'omit[]=dev',
  'omit[]=optional',
  'global=true',
  'dry-run=true',
  'bin-links=false',
  'package-lock=false',
]

/** Runs scripts/dependencies.sh with the real npm for a user with these settings, where one package is all that is needed. */
export async function installWithUserSettings(
  project: Project,
): Promise<{ exitCode: number; found: boolean }> {
  const { root } = project
  const home = join(root, '.home')
  await rm(join(root, 'node_modules'), { recursive: false, force: true }).catch(() => {})
  await Promise.all([mkdir(home), mkdir(join(root, '.fake'))])
  const manifests = {
    '.home/.npmrc': `${NPMRC.join('\n')}\n`,
    '.fake/package.json': JSON.stringify({ name: 'vitest', version: '1.0.0', bin: { vitest: 'vitest.sh' } }),
    '.fake/vitest.sh': '#!/bin/sh\n',
    'package.json': JSON.stringify({ name: 'copy', version: '1.0.0', devDependencies: PACKAGE }),
    'package-lock.json': JSON.stringify({
      ...{ name: 'copy', version: '1.0.0', lockfileVersion: 3, requires: true },
      packages: {
        '': { name: 'copy', version: '1.0.0', devDependencies: PACKAGE },
        '.fake': { name: 'vitest', version: '1.0.0', dev: true, bin: { vitest: 'vitest.sh' } },
        'node_modules/vitest': { resolved: '.fake', link: true },
      },
    }),
  }
  for (const [file, text] of Object.entries(manifests)) await writeFile(join(root, file), text)
  const { exitCode } = await project.run('scripts/dependencies.sh', [], { environment: { HOME: home } })
  const found = await access(join(root, 'node_modules/.bin/vitest')).then(
    () => true,
    () => false,
  )
  return { exitCode, found }
}
