// A private copy of the project, whose scripts a spec runs as a user would. Private, because a fault may be injected into
// it, and because scripts write files into their project.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once as onceEmitted } from 'node:events'
import { copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { constants } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { CliError, EXIT } from '../config/cli-error.ts'
import { once } from '../config/once.ts'
import { ROOT } from '../config/root.ts'
import { composePrefix } from '../stack/engine/ownership.ts'
import type { Outcome } from './containers/exec.ts'
import { listFiles } from './layout/imports.ts'

export interface RunOptions {
  environment?: Record<string, string>
  /** Then the command and all it started are killed; the exit code of the outcome is 137. */
  timeoutMs?: number
}

export interface ServeOptions extends RunOptions {
  args?: string[]
}

export interface Project extends AsyncDisposable {
  root: string
  /** The name of its compose project, unless a spec chooses another; the sweep finds it by this name. */
  composeName: string
  /** Runs a script of the project to its end. */
  run(script: string, args?: string[], options?: RunOptions): Promise<Outcome>
  /** Starts a script; what is still running is killed with the project. */
  start(script: string, args?: string[], options?: RunOptions): ChildProcess
  /** Starts a TypeScript service and returns its URL, read from the first line that contains `"port":N`. */
  serve(entry: string, options?: ServeOptions): Promise<Service>
}

export interface Service {
  url: string
  process: ChildProcess
  /** All that it has written, from its first line on. */
  output(): string
}

const RUN_WITHIN_MS = 60_000
const ANNOUNCED_WITHIN_MS = 15_000

/** Installed packages are linked, because copying them would take longer than the test. */
const LINKED_FOLDERS = ['node_modules', '.venv']
/** Git lists a link of such a name, because .gitignore leaves out only folders. */
const LINKED = /^(?:node_modules|\.venv)(?:\/|$)/

const ownFiles = once(async () => listFiles(ROOT, '.').filter((file) => !LINKED.test(file)))

/** Copies the project's own files into the run's folder and links its packages. Disposing it removes the copy. */
export async function copyProject(run: { id: string; folder: string }): Promise<Project> {
  const root = await mkdtemp(join(run.folder, 'project-'))
  const project = projectAt(root, `${composePrefix(run.id)}${basename(root).toLowerCase()}`)
  try {
    copyFiles(await ownFiles(), root)
    await Promise.all(LINKED_FOLDERS.map((folder) => link(join(ROOT, folder), join(root, folder))))
    return project
  } catch (error) {
    await project[Symbol.asyncDispose]()
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull(run.folder, error) : error
  }
}

/**
 * Each folder once, and then each file with three calls of the system. `cp` of Node makes about twenty for a file, which took a second
 * of processor time for every copy.
 */
function copyFiles(files: string[], root: string): void {
  for (const folder of new Set(files.map(dirname))) mkdirSync(join(root, folder), { recursive: true })
  for (const file of files) {
    try {
      copyOne(join(ROOT, file), join(root, file))
    } catch (error) {
      unlessDeleted(error as NodeJS.ErrnoException)
    }
  }
}

/** A link stays one, with its target as it is written. */
function copyOne(from: string, to: string): void {
  if (lstatSync(from).isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else copyFileSync(from, to)
}

function projectAt(root: string, composeName: string): Project {
  const children: ChildProcess[] = []
  // `detached` makes the process the leader of a process group, so that its children can be killed with it.
  const start = (command: string, args: string[], { environment }: RunOptions) => {
    const env = environmentWith({ COMPOSE_PROJECT_NAME: composeName, ...environment })
    // Bash takes a socket as standard input for a remote login, and then runs the developer's own ~/.bashrc first.
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, { cwd: root, env, detached: true, stdio })
    children.push(child)
    return child
  }
  return {
    root,
    composeName,
    start: (script, args = [], options = {}) => start(join(root, script), args, options),
    run: (script, args = [], options = {}) => outcomeOf(start(join(root, script), args, options), options),
    serve: (entry, { args = [], ...options } = {}) =>
      serviceOf(start(process.execPath, [entry, ...args], options), entry),
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(kill))
      await rm(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Ends with the process itself: a child of it that keeps the output open would delay the test. */
async function outcomeOf(child: ChildProcess, { timeoutMs = RUN_WITHIN_MS }: RunOptions): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const timer = setTimeout(() => killGroup(child), timeoutMs)
  const closed = onceEmitted(child, 'close')
  closed.catch(() => {})
  const [code, signal] = (await onceEmitted(child, 'exit').finally(() => clearTimeout(timer))) as Exit
  killGroup(child)
  await closed
  // As a shell reports it: 128 and the number of the signal.
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  return { exitCode, stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, '') }
}

type Exit = [code: number | null, signal: NodeJS.Signals | null]

/** Only what a shell needs: a developer's own variables must not decide what a spec sees. */
function environmentWith(variables: Record<string, string>): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR, DOCKER_HOST } = process.env
  const set = Object.entries({ TMPDIR, DOCKER_HOST }).filter(([, value]) => value)
  return { PATH, HOME, LANG: 'C.UTF-8', ...(Object.fromEntries(set) as Record<string, string>), ...variables }
}

/** Resolves when the output names a port; the output is collected from its first line on. */
async function serviceOf(child: ChildProcess, entry: string): Promise<Service> {
  let output = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const onData = (text: string) => {
    output += text
    const [, port] = /"port":\s*(\d+)/.exec(output) ?? []
    if (port !== undefined) resolve(port)
  }
  child.stdout?.setEncoding('utf8').on('data', onData)
  child.stderr?.setEncoding('utf8').on('data', onData)
  const fail = (why: string) => reject(notServing(entry, why, output))
  child.once('exit', (code) => fail(`ended with exit code ${code}`))
  const late = () => fail(`announced no port within ${ANNOUNCED_WITHIN_MS / 1000} s`)
  const timer = setTimeout(late, ANNOUNCED_WITHIN_MS)
  const port = await promise.finally(() => clearTimeout(timer))
  return { url: `http://127.0.0.1:${port}`, process: child, output: () => output }
}

function notServing(entry: string, why: string, output: string): CliError {
  return new CliError({
    what: `${entry} ${why}. Its output:\n${output}`,
    where: 'a service that a spec starts',
    next: 'read its output above.',
  })
}

function diskFull(folder: string, cause: unknown): CliError {
  return new CliError({
    what: 'The disk is full, so the project cannot be copied.',
    where: folder,
    next: 'delete files on that disk, or set TMPDIR to a folder on another one.',
    exitCode: EXIT.unreachable,
    cause,
  })
}

async function kill(child: ChildProcess): Promise<void> {
  const isRunning = child.exitCode === null && child.signalCode === null && child.pid !== undefined
  const exited = isRunning ? onceEmitted(child, 'exit') : undefined
  killGroup(child)
  await exited
}

/** No link where its target does not exist, so that a script can create the folder. */
async function link(target: string, path: string): Promise<void> {
  if (existsSync(target)) await symlink(target, path)
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended already.
  }
}

function unlessDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
