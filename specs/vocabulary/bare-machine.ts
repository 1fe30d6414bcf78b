// A machine that has what every Debian has and what the README names beside it, and nothing else.
import { accessSync, constants, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { writeSettings } from './typed.ts'

/** Of packages that no Debian is without, those that a set-up may call. */
const EVERYWHERE = [
  ...['awk', 'basename', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'date', 'df', 'dirname', 'env', 'find', 'grep'],
  ...['head', 'id', 'ln', 'ls', 'mkdir', 'mktemp', 'mv', 'nproc', 'readlink', 'rm', 'sed', 'sleep', 'sort'],
  ...['stat', 'tail', 'tar', 'tee', 'timeout', 'touch', 'tr', 'true', 'uname', 'uniq', 'wc', 'xargs'],
]
/** What the README says that the other systems need, too. */
const OTHER_SYSTEMS = ['docker', 'gtimeout']
/** By the word of the README. */
const NAMED = { git: 'git', Node: 'node', npm: 'npm', Bash: 'bash', perl: 'perl' }

/**
 * Refuses a Node that is too old where it is told to be strict, as npm does; writes down its call, and installs a Node that only
 * writes down what it is to run.
 */
const npmFor = (isTooOld: boolean) => `#!/usr/bin/env bash
is_strict() { grep -Eqs '^\\s*engine-strict\\s*(=\\s*"?true|$)' .npmrc || [[ "$*" == *--engine-strict* ]]; }
if ${isTooOld} && is_strict "$@"; then exit 1; fi
echo "npm $1" >>.called
mkdir -p node_modules/.bin node_modules/pg
printf '%s\\n' '#!/usr/bin/env bash' '[[ "$1" == --version ]] && echo v26.0.0 || echo "node \${1##*/stack/}" >>.called' \\
  >node_modules/.bin/node
cp node_modules/.bin/node node_modules/.bin/vitest
chmod +x node_modules/.bin/*
`

/** Says which one it is, and runs nothing: an older Node does not know our programs. */
const nodeOf = (major: number) => `#!/usr/bin/env bash
if [[ "$1" == --version ]]; then echo v${major}.0.0; else echo "old node $*" >>.called && exit 1; fi
`

/** Types the set-up on such a machine until the packages are there; the calls of npm and of its Node. */
export async function setUpOnBareMachine(
  project: Project,
  node: 'oldest' | 'newest',
): Promise<{ exitCode: number; called: string[] }> {
  await rm(join(project.root, 'node_modules'), { force: true })
  await writeSettings(project)
  const PATH = await programsOf(project, node)
  const { exitCode } = await project.run('scripts/setup-dev-environment.sh', ['--yes'], {
    environment: { PATH },
  })
  const called = await readFile(join(project.root, '.called'), 'utf8').catch(() => '')
  return { exitCode, called: called.trim().split('\n') }
}

/** A folder with the programs of the machine. */
async function programsOf(project: Project, node: 'oldest' | 'newest'): Promise<string> {
  const folder = join(project.root, '.hma-programs')
  const system = programAt('apt-get') ? ['apt-get'] : OTHER_SYSTEMS
  const oldest = oldestNode(project)
  const isTooOld = node === 'oldest' && oldest < neededNode(project)
  const written: Record<string, string> = {
    npm: npmFor(isTooOld),
    ...(node === 'oldest' ? { node: nodeOf(oldest) } : {}),
  }
  await mkdir(folder)
  for (const name of [...EVERYWHERE, ...system, ...namedInReadme(project)]) {
    const text = written[name]
    const program = name === 'node' ? process.execPath : programAt(name)
    if (text !== undefined) await writeFile(join(folder, name), text, { mode: 0o755 })
    else if (program !== undefined) await symlink(program, join(folder, name))
  }
  return folder
}

/** The oldest Node that the README calls enough. */
export function oldestNode({ root }: Project): number {
  return Number(/\bNode (\d+) or newer\b/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1])
}

/** What package.json asks for. */
function neededNode({ root }: Project): number {
  const { engines = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Number(/\d+/.exec(engines.node ?? '')?.[0] ?? 0)
}

function namedInReadme({ root }: Project): string[] {
  const [, needs = ''] =
    /^\| Debian or Ubuntu with ([^|]+)\|/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  return Object.entries(NAMED).flatMap(([word, program]) =>
    new RegExp(`\\b${word}\\b`).test(needs) ? [program] : [],
  )
}

function programAt(name: string): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return paths.find((path) => isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
