// Attempts to get a lock. Other queries of a table queue behind a statement that waits for it, so each attempt waits for a moment, and the
// pauses let them through.
import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../../config/cli-error.ts'

/** SQLSTATE: a lock was not to be had in time. */
export const LOCKED = '55P03'
/** How long one attempt waits for a lock. */
export const LOCK_TIMEOUT = '100ms'
const LOCK_PAUSE_MS = 400
export const ATTEMPTS_FOR_MS = 22_500
/** For a file that works for long before it reaches the lock. */
const LEAST_ATTEMPTS = 5

/** Works again while a lock is not to be had, for so long and at least five times. `work` throws CliError. */
export async function repeatWhileLocked<T>(
  work: (isFirst: boolean) => Promise<T>,
  forMs = ATTEMPTS_FOR_MS,
): Promise<T> {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt === 1)
    } catch (error) {
      const isLocked = error instanceof CliError && error.facts.sqlstate === LOCKED
      const isLast = attempt >= LEAST_ATTEMPTS && performance.now() - startedAt >= forMs
      if (!isLocked || isLast) throw error
      await pause(LOCK_PAUSE_MS)
    }
  }
}
