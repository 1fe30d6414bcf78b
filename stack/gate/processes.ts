// The processes that a step has started, and their end.
import { execaSync } from 'execa'

/** A process by number and start: the number alone may later be that of another one. */
export interface FoundProcess {
  pid: number
  startedMs: number
}

/** ps counts from the start of the machine, which some versions compute anew each time, and prints whole seconds. */
const SAME_START_MS = 2000

interface ProcessRow extends FoundProcess {
  parent: number
  group: number
  session: number
}

/**
 * The process, all that descend from it, and what is left in its session: the parent of a process may have ended. Where ps does not
 * tell sessions, as on macOS, the group has most of these. What took a session of its own and lost its parent, as an engine, stays.
 */
export function processesUnder(root: number): FoundProcess[] {
  const rows = allProcesses()
  const left = rows.filter(({ group, session }) => group === root || session === root)
  const found = new Set([root, ...left.map(({ pid }) => pid)])
  for (const parent of found) for (const row of rows) if (row.parent === parent) found.add(row.pid)
  return rows.filter(({ pid }) => found.has(pid))
}

/** Sends the signal to those that still run. */
export function signalAll(processes: FoundProcess[], signal: NodeJS.Signals): void {
  const running = new Map(allProcesses().map(({ pid, startedMs }) => [pid, startedMs]))
  const isSame = ({ pid, startedMs }: FoundProcess) =>
    Math.abs((running.get(pid) ?? Number.NaN) - startedMs) <= SAME_START_MS
  for (const { pid } of processes.filter(isSame))
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
}

function allProcesses(): ProcessRow[] {
  const options = ['-A', '-o', 'pid=,ppid=,pgid=,sess=,lstart=']
  const { stdout } = execaSync('ps', options, { env: { LC_ALL: 'C' } })
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const words = line.trim().split(/\s+/)
      const [pid = 0, parent = 0, group = 0, session = 0] = words.slice(0, 4).map(Number)
      return { pid, parent, group, session, startedMs: Date.parse(words.slice(4).join(' ')) }
    })
}
