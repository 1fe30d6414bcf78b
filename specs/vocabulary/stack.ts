// A running stack: start it, inspect its containers, stop and freeze them.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { compose, type Variant } from './compose.ts'
import { containerOf, containersOf, execIn } from './containers.ts'
import { oncePerCopy } from './once-per-copy.ts'
import type { Overlay } from './overlays.ts'

/** Below the timeout of a test, so that it ends with compose's own message. */
const BOOT_MS = 55_000

export const TOOLS = ['--profile', 'tools']

/** Starts the test variant, or those services of it, and waits until they are healthy. Done once per copy of the project. */
export const boot = oncePerCopy(up)

/** Prod runs its healthchecks every fifteen seconds. */
const PROD_BOOT_MS = 170_000

/** Starts the whole prod variant, and waits until it is healthy. Done once per copy of the project. */
export const bootProd = oncePerCopy((project) =>
  compose(project, 'prod', ['up', '--wait', '--wait-timeout', '150'], {}, PROD_BOOT_MS),
)

/** The same, each time it is called. */
export function up(project: Project, words: string[], services: string[] = []): Promise<Outcome> {
  return run(project, [...words, 'up', '--wait', '--wait-timeout', '50', ...services])
}

/** Runs scripts/compose.sh on the test variant, with the time that a start takes. */
export function run(
  project: Project,
  words: string[],
  environment: Record<string, string> = {},
  limitMs = BOOT_MS,
): Promise<Outcome> {
  return compose(project, 'test', words, environment, limitMs)
}

/** Health of the service's container, or its state if it is not running. */
export async function healthOf(project: Project, service: string): Promise<string> {
  const { status, health } = await containerOf(project, service)
  return status === 'running' ? health : status
}

/** Exit code of the service's own healthcheck, run in its container now; 124 when it does not end within four seconds. */
export async function checkHealth(project: Project, service: string): Promise<number> {
  const { healthcheck } = await containerOf(project, service)
  const [kind, ...words] = healthcheck
  return (await execIn(project, service, kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words)).exitCode
}

/** Freezes every process of the service, as on a machine that hangs. */
export async function freeze(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s STOP -- -1'])
}

export async function thaw(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s CONT -- -1'])
}

/** Kills the service's main process from outside of the engine. */
export async function kill(project: Project, service: string): Promise<void> {
  await execIn(project, service, ['sh', '-c', 'kill -s KILL -- -1'])
}

/** What this results in while the service is stopped; the options name its profile. */
export async function whileStopped<Result>(
  project: Project,
  service: string,
  act: () => Promise<Result>,
  options: string[] = [],
): Promise<Result> {
  await run(project, [...options, 'stop', service])
  try {
    return await act()
  } finally {
    // Unlike `start`, it leaves the services alone that this one depends on.
    await run(project, [...options, 'restart', service])
  }
}

/** Capabilities and restrictions of a process in the service's container, as in proc(5). */
export async function restrictionsInside(
  project: Project,
  service: string,
  variant: Variant = 'test',
): Promise<Record<string, string>> {
  const script = `grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
    grep -q '^[^ ]* / [^ ]* ro[, ]' /proc/self/mounts || echo Root: open
    grep -qE '/(docker|containerd|podman)[^ ]*sock' /proc/self/mountinfo && echo Socket: open`
  const { stdout } = await execIn(project, service, ['sh', '-c', script], variant)
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/:\s*/) as [string, string]))
}

/** How often the engine has restarted it, and its start time. */
export async function restartsOf(
  project: Project,
  service: string,
): Promise<{ restarts: number; since: string }> {
  const { restarts, startedAt } = await containerOf(project, service)
  return { restarts, since: startedAt }
}

/** Every container of the stack but that of one service, with its state and its start: the same list means that they were left alone. */
export async function othersThan(project: Project, service: string): Promise<string[]> {
  const others = (await containersOf(project)).filter((container) => container.service !== service)
  return others.map(({ id, status, startedAt, restarts }) => [id, status, startedAt, restarts].join(' '))
}

/** Recreates the containers of services with new anonymous volumes. */
export function recreate(project: Project, services: string[]): Promise<Outcome> {
  return up(project, [], ['--force-recreate', '--renew-anon-volumes', ...services])
}

/** Starts services of the test variant with one more compose file, beside the first one, and waits as `up` does. */
export async function upWith(
  project: Project,
  { file, ...others }: Overlay,
  services: string[],
  limitMs?: number,
): Promise<Outcome> {
  for (const [name, text] of Object.entries({ 'overlay.yml': file, ...others }))
    await writeFile(join(project.root, 'docker', name), text)
  const words = ['-f', 'docker/overlay.yml', 'up', '--wait', '--wait-timeout', '50', ...services]
  return run(project, words, { HMA_PROJECT: project.composeName }, limitMs)
}

/** The same copy of the project under another name. */
export function renamed(project: Project, suffix: string): Project {
  return { ...project, composeName: `${project.composeName}${suffix}` }
}
