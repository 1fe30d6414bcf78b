// Runs the program of a job to its end, or stops it: with all that it started, for it leads a process group.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { EXIT, lineOf } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import type { Program } from './jobs.ts'

/** After SIGTERM, for a program that does not end. Compose waits a little longer for the scheduler. */
const KILL_AFTER_MS = 8000

/** Its exit code, 128 and the number of a signal that ended it, or 124 when its time was up; undefined when it was stopped. */
export async function runToEnd(
  { words, timeoutMs }: Program,
  stop: AbortSignal,
): Promise<number | undefined> {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const limit = AbortSignal.timeout(timeoutMs)
  const ended = new AbortController()
  const end = AbortSignal.any([stop, limit])
  const onEnd = () => endGroup(child.pid, ended.signal)
  if (end.aborted) onEnd()
  else end.addEventListener('abort', onEnd, { signal: ended.signal })
  const [code, signal] = (await once(child, 'exit').catch(notStarted)) as [
    number | null,
    NodeJS.Signals | null,
  ]
  ended.abort()
  if (stop.aborted) return undefined
  if (limit.aborted) return EXIT.outOfTime
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** As where the machine allows no more processes. */
function notStarted(error: unknown): [number, null] {
  process.stderr.write(`schedule: the program was not started (${lineOf(error)}).\n`)
  return [EXIT.failed, null]
}

function endGroup(pid: number | undefined, ended: AbortSignal): void {
  signalGroup(pid, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS)
  ended.addEventListener('abort', () => clearTimeout(timer))
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The whole group has ended already.
  }
}
