// How long a script may wait for the programs that it starts: it is typed where `timeout` and Node do nothing, so that every wait is
// written down and none is waited for.
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../../config/git.ts'
import type { Project } from '../../harness/index.ts'
import type { Job } from './backups.ts'
import { replaceScript } from './gate.ts'
import { addFile, makeRepository } from './static-checks.ts'

export interface Waits {
  line: string
  exitCode: number
  /** Of each wait, until what it waits for is killed. */
  seconds: number[]
}

const LIMITS = '.limits'
/** What the Python package of Go leaves: the check of the workflows looks for it after it has installed that. */
const GO = '.venv/lib/python3/site-packages/go/bin'

/** `timeout -k AFTER SECONDS COMMAND...` */
const TIMEOUT = `echo $(($2 + $3)) >>"$HMA_ROOT/${LIMITS}"
[[ "$*" != *go-tools/requirements.txt* ]] || mkdir -p "$HMA_ROOT/${GO}"`

/** Programs of the copy and what they do. A Go that is too old is one that has to be installed. */
const PROGRAMS = {
  '.fakes/timeout': TIMEOUT,
  '.fakes/go': 'echo go1.0',
  '.fakes/npm': 'exit 0',
  '.fakes/shellcheck': 'exit 0',
  '.fakes/shfmt': 'exit 0',
  '.venv/bin/python': 'exit 0',
  'node_modules/.bin/vitest': 'exit 0',
  'node_modules/.bin/node': '[[ "$1" != --version ]] || echo v26.0.0',
}

/** The copy has then no packages and no tools but these. What shows that all of them are installed is there, as every gate finds it. */
async function replacePrograms(project: Project): Promise<void> {
  for (const folder of ['node_modules', '.venv']) await rm(join(project.root, folder), { force: true })
  for (const [file, body] of Object.entries(PROGRAMS)) {
    await replaceScript(project, file, body)
    await chmod(join(project.root, file), 0o755)
  }
  await mkdir(join(project.root, 'node_modules/pg'))
  const tools = readFileSync(join(project.root, 'scripts/requirements.txt'), 'utf8')
  await addFile(project, '.venv/.hma-requirements', tools)
  const packages = git(project.root, 'hash-object', 'package-lock.json')
  await addFile(project, 'node_modules/.hma-lock', packages)
  makeRepository(project)
}

/** Types these scripts one after the other in the copy, where none of them waits or does anything. */
export async function waitsOf(project: Project, lines: readonly string[]): Promise<Waits[]> {
  await replacePrograms(project)
  const environment = { PATH: `${join(project.root, '.fakes')}:${process.env.PATH}` }
  const waits: Waits[] = []
  for (const line of lines) {
    const [script = '', ...words] = line.split(' ')
    await rm(join(project.root, LIMITS), { force: true })
    const { exitCode } = await project.run(script, words, { environment })
    waits.push({ line, exitCode, seconds: writtenIn(project) })
  }
  return waits
}

function writtenIn({ root }: Project): number[] {
  const file = join(root, LIMITS)
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []
}

/** The limit of what is typed: that of its option, or all of its waits together; undefined where neither is known. */
export function limitOf({ line, seconds }: Waits): number | undefined {
  const [, minutes] = / --within (\S+)/.exec(line) ?? []
  if (minutes !== undefined) return Number(minutes) * 60
  return seconds.length === 0 ? undefined : sumOf(seconds)
}

export function sumOf(seconds: readonly number[]): number {
  return seconds.reduce((sum, each) => sum + each, 0)
}

/** The exit code of a restore test with a limit of six seconds whose server is never made; 137 where it does not end by itself. */
export async function endOfHangingTest(job: Job): Promise<number> {
  const { PATH } = await job.replace('initdb', 'exec tail -f /dev/null')
  const test = ['node', 'ops/backup/main.ts', 'restore-test', '--within', '0.1']
  const command = ['env', `PATH=${PATH}`, 'timeout', '--signal=KILL', '40', ...test]
  return (await job.container.exec(command)).exitCode
}
