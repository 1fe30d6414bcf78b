// Labels that name the owner of a container, a folder or a lock: host, boot, process, its start time, and the namespace that its
// id belongs to. A later run tells by them what a killed process left behind. A process id alone is not enough: ids are reused,
// machines restart, and two jobs of a CI can share host name and kernel without seeing each other's processes.
import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export const RUN_LABEL = 'hma.run'
export const OWNER_LABEL = 'hma.owner'
export const COMPOSE_PROJECT_LABEL = 'com.docker.compose.project'

export interface Ownership {
  run: string
  labels: Record<string, string>
}

/** Labels for everything this process starts on the engine. */
export function claimOwnership(): Ownership {
  const run = randomUUID().slice(0, 8)
  const owner = [hostname(), bootId(), process.pid, startedAt(process.pid) ?? '0', pidNamespace()].join('/')
  return { run, labels: { [RUN_LABEL]: run, [OWNER_LABEL]: owner } }
}

/** A compose project whose name starts with this belongs to the run: compose labels all it creates with that name. */
export function composePrefix(run: string): string {
  return `hma-${run}-`
}

/** The run that something on the engine belongs to, by its labels. */
export function runOf(labels: Record<string, string>): string | undefined {
  return labels[RUN_LABEL] ?? /^hma-([0-9a-f]{8})-/.exec(labels[COMPOSE_PROJECT_LABEL] ?? '')?.[1]
}

/** True when the process that these labels name ran on this machine and has ended; false where it cannot be seen from here. */
export function ownerIsGone(labels: Record<string, string>): boolean {
  const [host, boot, pid, started, namespace] = (labels[OWNER_LABEL] ?? '').split('/')
  if (host !== hostname() || pid === undefined) return false
  if (boot !== bootId()) return true
  return namespace === pidNamespace() && startedAt(Number(pid)) !== started
}

/** For example `pid:[4026531836]`; empty where there is no /proc. */
function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function bootId(): string {
  return readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? 'no-boot-id'
}

/** Start time in clock ticks since boot (field 22 of proc_pid_stat(5)); where there is no /proc, '0' for a living process. */
function startedAt(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`)
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  if (process.platform === 'linux') return undefined
  return isAlive(pid) ? '0' : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
