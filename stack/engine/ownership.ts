// Who owns a container or a folder: written on it, so that a later run can tell a dead owner's leftovers from
// a living neighbour's. A process id alone is not enough: ids are reused, and machines restart.
import { randomUUID } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

export const RUN_LABEL = 'hma.run'
const OWNER_LABEL = 'hma.owner'
export const COMPOSE_PROJECT_LABEL = 'com.docker.compose.project'

export interface Ownership {
  run: string
  labels: Record<string, string>
}

/** What a run writes on this machine: the broker's socket and copies of the project. */
export interface RunFolder {
  run: string
  path: string
  labels: Record<string, string>
}

/** Labels for everything this process starts on the engine. */
export function claimOwnership(): Ownership {
  const run = randomUUID().slice(0, 8)
  const owner = [hostname(), bootId(), process.pid, startedAt(process.pid) ?? '0'].join('/')
  return { run, labels: { [RUN_LABEL]: run, [OWNER_LABEL]: owner } }
}

/** A compose project whose name starts with this belongs to the run: compose puts that name on all it makes. */
export function composePrefix(run: string): string {
  return `hma-${run}-`
}

/** The run that something on the engine belongs to, by its labels. */
export function runOf(labels: Record<string, string>): string | undefined {
  return labels[RUN_LABEL] ?? /^hma-([0-9a-f]{8})-/.exec(labels[COMPOSE_PROJECT_LABEL] ?? '')?.[1]
}

/** Where a run's folder is, whether there is one or not. */
export function runFolderOf(run: string): string {
  return join(tmpdir(), `hma-${run}`)
}

/** A folder for this run alone, which carries its owner. Only this user may enter it. */
export function makeRunFolder({ run, labels }: Ownership): string {
  const path = runFolderOf(run)
  mkdirSync(path, { mode: 0o700 })
  writeFileSync(join(path, 'owner'), labels[OWNER_LABEL] ?? '')
  return path
}

/** The folders of all runs of this machine that use the same temporary folder. */
export function runFolders(): RunFolder[] {
  return globSync(join(tmpdir(), 'hma-????????')).map((path) => {
    const owner = readOrUndefined(join(path, 'owner')) ?? ''
    return { run: path.slice(-8), path, labels: { [OWNER_LABEL]: owner } }
  })
}

/** True when the process that claimed these labels ran on this machine and is gone. */
export function ownerIsGone(labels: Record<string, string>): boolean {
  const [host, boot, pid, started] = (labels[OWNER_LABEL] ?? '').split('/')
  if (host !== hostname() || pid === undefined) return false
  return boot !== bootId() || startedAt(Number(pid)) !== started
}

function bootId(): string {
  return readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? 'no-boot-id'
}

/** Start time in clock ticks since boot (field 22 of proc_pid_stat(5)); elsewhere only whether the process lives. */
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
