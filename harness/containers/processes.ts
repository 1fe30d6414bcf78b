// Processes that outlive their run: scripts that a spec started, when the run was killed before it could end them.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * Processes whose working directory is in the folder, even if it was deleted. Without those that have a terminal: they are the
 * shells of people. None where there is no /proc.
 */
export function processesIn(folder: string): number[] {
  return processIds().filter((pid) => isIn(pid, folder) && !hasTerminal(pid))
}

/** Returns how many were killed. */
export function killProcessesIn(folder: string): number {
  const pids = processesIn(folder)
  for (const pid of pids) kill(pid)
  return pids.length
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

function isIn(pid: number, folder: string): boolean {
  try {
    return pid !== process.pid && `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`)
  } catch {
    return false
  }
}

/** Field 7 of proc_pid_stat(5). */
function hasTerminal(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[4] !== '0'
  } catch {
    return true
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
