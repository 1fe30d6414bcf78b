// Who owns a container: written on it as labels, so that a later run can tell a dead owner's leftovers from
// a living neighbour's. A process id alone is not enough: ids are reused, and machines restart.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export const RUN_LABEL = 'hma.run'
const OWNER_LABEL = 'hma.owner'

export interface Ownership {
  run: string
  labels: Record<string, string>
}

/** Labels for everything this process starts on the engine. */
export function claimOwnership(): Ownership {
  const run = randomUUID().slice(0, 8)
  const owner = [hostname(), bootId(), process.pid, startedAt(process.pid) ?? '0'].join('/')
  return { run, labels: { [RUN_LABEL]: run, [OWNER_LABEL]: owner } }
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
