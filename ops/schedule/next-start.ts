// When a job starts next. Croner knows patterns, time zones and daylight saving.
import { Cron } from 'croner'
import { EXIT } from '../../config/cli-error.ts'

export interface Timing {
  pattern: string
  zone: string
  /** Each start is later than its pattern says, by chance, and at most by this: the stacks of a company do not all start at once. */
  jitterMs: number
}

/** The last run that ended. A run that was stopped or killed is none, so that it is made up for. */
export interface Run {
  startedAtMs: number
  endedAtMs: number
  exitCode: number
}

const REPEATED: readonly number[] = [EXIT.unreachable, EXIT.locked]
const SHORTEST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 3_600_000

/**
 * A job that has never run starts at once, and one whose time passed while nothing ran does, too. Times that pass during a run
 * are skipped. A run that could not reach its server, or
 * found the same work being done, is repeated earlier, and the sooner the less it cost.
 */
export function nextStart(
  timing: Timing,
  last: Run | undefined,
  nowMs: number,
  chance = Math.random(),
): number {
  if (last === undefined) return nowMs
  // The clock may have been set back since.
  const endedAtMs = Math.min(last.endedAtMs, nowMs)
  const regular = nextTime(timing, endedAtMs) + chance * timing.jitterMs
  if (!REPEATED.includes(last.exitCode)) return regular
  const cost = 10 * Math.max(last.endedAtMs - last.startedAtMs, 0)
  return Math.min(regular, endedAtMs + Math.min(Math.max(cost, SHORTEST_WAIT_MS), LONGEST_WAIT_MS))
}

/** The first time of the pattern that a run took away from the job, if there is one. */
export function skippedTime(timing: Timing, { startedAtMs, endedAtMs }: Run): number | undefined {
  const time = nextTime(timing, startedAtMs)
  return time <= endedAtMs ? time : undefined
}

function nextTime({ pattern, zone }: Timing, afterMs: number): number {
  // A pattern such as 29 February of a year that has passed never comes; options.ts refuses it at start.
  return (
    new Cron(pattern, { timezone: zone }).nextRun(new Date(afterMs))?.getTime() ?? Number.POSITIVE_INFINITY
  )
}
