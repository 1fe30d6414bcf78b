// The verbs specs use for a running stack: start it, look at its containers, and treat them badly.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execa } from 'execa'
import type { Outcome, Project } from '../../harness/index.ts'
import { compose } from './compose.ts'

/** Below the timeout of a test, so that it ends with what compose said. */
const BOOT_MS = 55_000

export const TOOLS = ['--profile', 'tools']

const booted = new Map<string, Promise<Outcome>>()

/** Starts the test variant, or those services of it, and waits until they are healthy. Done once per copy of the project. */
export function boot(project: Project, words: string[], services: string[] = []): Promise<Outcome> {
  const key = [project.root, ...words, ...services].join(' ')
  const outcome = booted.get(key) ?? up(project, words, services)
  booted.set(key, outcome)
  return outcome
}

/** The same each time it is asked. */
export function up(project: Project, words: string[], services: string[] = []): Promise<Outcome> {
  return run(project, [...words, 'up', '--wait', '--wait-timeout', '50', ...services])
}

/** Runs scripts/compose.sh on the test variant, with the time that a start takes. */
export function run(
  project: Project,
  words: string[],
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return compose(project, 'test', words, environment, BOOT_MS)
}

export interface State {
  Status: string
  Health?: { Status: string }
  StartedAt: string
  ExitCode: number
}

export interface Container {
  RestartCount: number
  State: State
  HostConfig: { NanoCpus: number; Memory: number; PidsLimit: number }
  Config: { Healthcheck?: { Test: string[] } }
}

/** What the engine says of the container of a service. */
export async function inspect(project: Project, service: string): Promise<Container> {
  const { stdout } = await promisify(execFile)('docker', ['inspect', containerOf(project, service)])
  const [container] = JSON.parse(stdout) as Container[]
  if (container === undefined) throw new Error(`there is no container of ${service}`)
  return container
}

/** `healthy`, or what else its container is. */
export async function healthOf(project: Project, service: string): Promise<string> {
  const { State } = await inspect(project, service)
  return State.Status === 'running' ? (State.Health?.Status ?? 'without a healthcheck') : State.Status
}

/** Exit code of the service's own healthcheck, run in its container now; 124 when it says nothing for four seconds. */
export async function checkHealth(project: Project, service: string): Promise<number> {
  const { Config } = await inspect(project, service)
  const [kind, ...words] = Config.Healthcheck?.Test ?? []
  return execIn(project, service, kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words)
}

/** Every process of the service stops where it is, as on a machine that hangs. */
export async function freeze(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s STOP -- -1'])
}

export async function thaw(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s CONT -- -1'])
}

/** The service dies at once, by nobody's wish that the engine would know of. */
export async function kill(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s KILL -- -1'])
}

/** What a process in the container of a service holds and may do, in the words of proc(5). */
export async function insideOf(project: Project, service: string): Promise<Record<string, string>> {
  const script = `grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; touch /root-is-writable && echo Root: open`
  const words = ['exec', containerOf(project, service), 'sh', '-c', script]
  const { stdout } = await execa('docker', words, { reject: false, timeout: 4000, stdin: 'ignore' })
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/:\s*/) as [string, string]))
}

async function execIn(project: Project, service: string, command: string[]): Promise<number> {
  const options = { reject: false, timeout: 4000, stdin: 'ignore' } as const
  const words = ['exec', containerOf(project, service), ...command]
  const { exitCode = 1, timedOut } = await execa('docker', words, options)
  return timedOut ? 124 : exitCode
}

function containerOf(project: Project, service: string): string {
  return `${project.composeName}-test-${service}-1`
}

/** How often the engine has restarted it, and since when it runs. */
export async function lifeOf(
  project: Project,
  service: string,
): Promise<{ restarts: number; since: string }> {
  const { RestartCount, State } = await inspect(project, service)
  return { restarts: RestartCount, since: State.StartedAt }
}

/** Removes the containers of services, with the volumes that have no name, and makes new ones. */
export function makeAnew(project: Project, services: string[]): Promise<Outcome> {
  return up(project, [], ['--force-recreate', '--renew-anon-volumes', ...services])
}

/** Starts services under another project's name, Postgres with a file that runs while its cluster is made. */
export async function startBeside(
  project: Project,
  suffix: string,
  sql: string,
  services: string[],
): Promise<Project> {
  const beside = { ...project, composeName: `${project.composeName}${suffix}` }
  await writeFile(join(project.root, 'making.sql'), `${sql};\n`)
  await writeFile(join(project.root, 'making.yml'), MAKING)
  const words = ['-f', 'making.yml', 'up', '--wait', '--wait-timeout', '50', ...services]
  await run(project, words, { HMA_PROJECT: beside.composeName })
  return beside
}

const MAKING = `
services: {postgres: {configs: [{source: making, target: /docker-entrypoint-initdb.d/making.sql}]}}
configs: {making: {file: making.sql}}
`
