// A private working copy of the project, whose scripts a spec runs as a user would. Private, because a fault may
// be planted in it, and because a script may write beside itself.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once as onceEmitted } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { constants } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../config/cli-error.ts'
import { once } from '../config/once.ts'
import { ROOT } from '../config/root.ts'
import { composePrefix } from '../stack/engine/ownership.ts'

export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  environment?: Record<string, string>
  /** Ends the command and all it started with SIGKILL; the outcome's exit code is then 137. */
  timeoutMs?: number
}

export interface Project extends AsyncDisposable {
  root: string
  /** What compose calls its project by default; under this name the sweep finds it. */
  composeName: string
  /** Runs a script of the project to its end. */
  run(script: string, parts?: string[], options?: RunOptions): Promise<Outcome>
  /** Starts a script and hands out the process; what is still running ends with the project. */
  start(script: string, parts?: string[], options?: RunOptions): ChildProcess
  /** Starts a TypeScript service and returns its URL, read from the first line that carries `"port":N`. */
  serve(entry: string, options?: RunOptions): Promise<{ url: string; process: ChildProcess }>
}

const RUN_WITHIN_MS = 60_000

/** Installed, not written by us: linked, because a copy would take longer than the test. */
const TOOLS = ['node_modules', '.venv']
/** A link of that name is no folder, and so not what .gitignore leaves out. */
const LINKED = /^(?:node_modules|\.venv)(?:\/|$)/

const listFiles = once(async () => {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard']
  const { stdout } = await promisify(execFile)('git', words, { cwd: ROOT, maxBuffer: 2 ** 24 })
  return stdout.split('\n').filter((file) => file !== '' && !LINKED.test(file))
})

/** Copies the project's own files into the run's folder, links its dependencies, and is gone when disposed. */
export async function copyProject(run: { id: string; folder: string }): Promise<Project> {
  const root = await mkdtemp(join(run.folder, 'project-'))
  const project = projectAt(root, `${composePrefix(run.id)}${basename(root).toLowerCase()}`)
  try {
    const files = await listFiles()
    const copy = (file: string) =>
      cp(join(ROOT, file), join(root, file), { recursive: true }).catch(unlessDeleted)
    await Promise.all(files.map(copy))
    await Promise.all(TOOLS.map((folder) => link(join(ROOT, folder), join(root, folder))))
    return project
  } catch (error) {
    await project[Symbol.asyncDispose]()
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom(run.folder, error) : error
  }
}

function projectAt(root: string, composeName: string): Project {
  const children: ChildProcess[] = []
  const launch = (command: string, parts: string[], { environment }: RunOptions) => {
    const env = environmentOf({ COMPOSE_PROJECT_NAME: composeName, ...environment })
    const child = spawn(command, parts, { cwd: root, env, detached: true })
    children.push(child)
    return child
  }
  return {
    root,
    composeName,
    start: (script, parts = [], options = {}) => launch(join(root, script), parts, options),
    run: (script, parts = [], options = {}) => outcomeOf(launch(join(root, script), parts, options), options),
    async serve(entry, options = {}) {
      const child = launch(process.execPath, [entry], options)
      return { url: `http://127.0.0.1:${await announcedPort(child, entry)}`, process: child }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(end))
      await rm(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Ends with the process itself: a child of it that holds on to the pipes must not hold up the test. */
async function outcomeOf(child: ChildProcess, { timeoutMs = RUN_WITHIN_MS }: RunOptions): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin?.end()
  const timer = setTimeout(() => killGroup(child), timeoutMs)
  const closed = onceEmitted(child, 'close')
  closed.catch(() => {})
  const ended = (await onceEmitted(child, 'exit').finally(() => clearTimeout(timer))) as Ending
  killGroup(child)
  await closed
  const text = (all: string) => all.replace(/\n$/, '')
  return { exitCode: exitCodeOf(ended), stdout: text(stdout), stderr: text(stderr) }
}

type Ending = [code: number | null, signal: NodeJS.Signals | null]

/** As a shell has it: 128 and the number of the signal. */
function exitCodeOf([code, signal]: Ending): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** Only what a shell needs: a developer's own HMA_ variables must not decide what a spec sees. */
function environmentOf(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR, DOCKER_HOST } = process.env
  const kept = Object.entries({ TMPDIR, DOCKER_HOST }).filter(([, value]) => value)
  return { PATH, HOME, LANG: 'C.UTF-8', ...(Object.fromEntries(kept) as Record<string, string>), ...extra }
}

async function announcedPort(child: ChildProcess, entry: string): Promise<number> {
  let said = ''
  const port = Promise.withResolvers<number>()
  const listen = (chunk: Buffer) => {
    said += chunk
    const match = /"port":\s*(\d+)/.exec(said)
    if (match) port.resolve(Number(match[1]))
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  const fail = (why: string) => port.reject(didNotServe(entry, why, said))
  child.once('exit', (code) => fail(`ended with exit code ${code}`))
  const timer = setTimeout(() => fail('announced no port within 15 s'), 15_000)
  return port.promise.finally(() => clearTimeout(timer))
}

function didNotServe(entry: string, why: string, said: string): CliError {
  return new CliError({
    what: `${entry} ${why}. It said:\n${said}`,
    where: 'a spec that serves it',
    next: 'read its lines above.',
  })
}

function noRoom(folder: string, cause: unknown): CliError {
  return new CliError({
    what: 'The disk is full, so the project cannot be copied.',
    where: folder,
    next: 'free some space there, or point TMPDIR to a disk that has it.',
    exitCode: 3,
    cause,
  })
}

async function end(child: ChildProcess): Promise<void> {
  const isRunning = child.exitCode === null && child.signalCode === null && child.pid !== undefined
  const gone = isRunning ? onceEmitted(child, 'exit') : undefined
  killGroup(child)
  await gone
}

/** No link where there is nothing to link to, so that a script may still make it. */
async function link(target: string, path: string): Promise<void> {
  if (existsSync(target)) await symlink(target, path)
}

/** The whole process group, because a script's children outlive it. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended already.
  }
}

function unlessDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
