// A private working copy of the project, whose scripts a spec runs as a user would. Private, because a fault may
// be planted in it, and because a script may write beside itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { once as onceEmitted } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { once } from './once.ts'
import { Trouble } from './trouble.ts'

export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  environment?: Record<string, string>
  /** Ends the command with SIGKILL; the outcome's exit code is then 137. */
  timeoutMs?: number
}

export interface Project extends AsyncDisposable {
  root: string
  /** Runs a script of the project to its end. */
  run(script: string, parts?: string[], options?: RunOptions): Promise<Outcome>
  /** Starts a script and hands out the process; what is still running ends with the project. */
  start(script: string, parts?: string[], options?: RunOptions): ChildProcess
  /** Starts a TypeScript service and returns its URL, read from the first line that carries `"port":N`. */
  serve(entry: string, options?: RunOptions): Promise<{ url: string; process: ChildProcess }>
}

const RUN_WITHIN_MS = 60_000
const ROOT = resolve(import.meta.dirname, '..')

/** Installed, not written by us: linked, because a copy would take longer than the test. */
const TOOLS = ['node_modules', '.venv']

const listFiles = once(async () => {
  const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  })
  return stdout.split('\n')
})

/** Copies the project's own files, links its dependencies, and is gone when disposed. */
export async function copyProject(): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'hma-project-'))
  const files = await listFiles()
  await Promise.all(
    files.map((file) => cp(join(ROOT, file), join(root, file), { recursive: true }).catch(unlessDeleted)),
  )
  await Promise.all(TOOLS.map((folder) => link(join(ROOT, folder), join(root, folder))))
  return projectAt(root)
}

function projectAt(root: string): Project {
  const children: ChildProcess[] = []
  const start = (script: string, parts: string[] = [], { environment }: RunOptions = {}) => {
    const child = spawn(join(root, script), parts, {
      cwd: root,
      env: environmentOf(environment),
      detached: true,
    })
    children.push(child)
    return child
  }
  return {
    root,
    start,
    run: (script, parts = [], options) => runToEnd(root, script, parts, options),
    async serve(entry, { environment } = {}) {
      const child = spawn(process.execPath, [entry], {
        cwd: root,
        env: environmentOf(environment),
        detached: true,
      })
      children.push(child)
      return { url: `http://127.0.0.1:${await announcedPort(child, entry)}`, process: child }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(end))
      await rm(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function runToEnd(
  root: string,
  script: string,
  parts: string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const { exitCode, signal, stdout, stderr } = await execa(join(root, script), parts, {
    cwd: root,
    env: environmentOf(options.environment),
    extendEnv: false,
    reject: false,
    timeout: options.timeoutMs ?? RUN_WITHIN_MS,
    killSignal: 'SIGKILL',
  })
  return { exitCode: exitCode ?? (signal === undefined ? 1 : 137), stdout, stderr }
}

/** Only what a shell needs: a developer's own HMA_ variables must not decide what a spec sees. */
function environmentOf(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env
  return { PATH, HOME, LANG: 'C.UTF-8', ...(DOCKER_HOST ? { DOCKER_HOST } : {}), ...extra }
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

function didNotServe(entry: string, why: string, said: string): Trouble {
  return new Trouble({
    what: `${entry} ${why}. It said:\n${said}`,
    where: 'a spec that serves it',
    next: 'read its lines above.',
  })
}

/** The whole process group, because a script's children outlive it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = onceEmitted(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await gone
}

/** No link where there is nothing to link to, so that a script may still make it. */
async function link(target: string, path: string): Promise<void> {
  if (existsSync(target)) await symlink(target, path)
}

function unlessDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
