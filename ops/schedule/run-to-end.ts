// Runs the program of a job to its end, or stops it.
import { constants } from 'node:os'
import { execa } from 'execa'
import { EXIT } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import type { Program } from './jobs.ts'

/** After SIGTERM, for a program that does not end. Compose waits a little longer for the scheduler. */
const KILL_AFTER_MS = 8000

/** Its exit code, 128 and the number of a signal that ended it, or 124 when its time was up; undefined when it was stopped. */
export async function runToEnd(
  { words, timeoutMs }: Program,
  stop: AbortSignal,
): Promise<number | undefined> {
  const { exitCode, signal, timedOut, isCanceled } = await execa(process.execPath, words, {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    timeout: timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    cancelSignal: stop,
    reject: false,
  })
  if (isCanceled) return undefined
  if (timedOut) return EXIT.outOfTime
  return exitCode ?? 128 + (signal === undefined ? 0 : constants.signals[signal])
}
