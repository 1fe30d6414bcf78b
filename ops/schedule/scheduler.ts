// The loop: the job that has been due for longest runs, one at a time, until the signal to stop.
import { nextStart, type Run, skippedTime, type Timing } from './next-start.ts'

export interface Job extends Timing {
  name: string
  /** Runs it to its end: its exit code, or undefined when it was stopped. */
  run(stop: AbortSignal): Promise<number | undefined>
}

/** What is kept between starts, by job. */
export type Records = Record<string, { last: Run; succeededAtMs: number | undefined }>

/** What health and metrics tell. */
export interface Progress {
  /** When the scheduler was started. */
  sinceMs: number
  records: Records
  /** When each job starts next. */
  starts: Map<string, number>
  running: { job: string; sinceMs: number } | undefined
  /** Why the records could not be kept, if so. */
  saveError: string | undefined
}

export interface Surroundings {
  now(): number
  sleep(milliseconds: number, stop: AbortSignal): Promise<void>
  /** Throws when they cannot be kept. */
  save(records: Records): void
  log(event: Record<string, unknown>): void
}

const TICK_MS = 1000

export function createProgress(sinceMs: number, records: Records = {}): Progress {
  return { sinceMs, records, starts: new Map(), running: undefined, saveError: undefined }
}

export async function runSchedule(
  jobs: readonly Job[],
  progress: Progress,
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<void> {
  let seenMs = Number.POSITIVE_INFINITY
  while (!stop.aborted) {
    const nowMs = surroundings.now()
    // At the start, and when the clock was set back.
    if (nowMs < seenMs) for (const job of jobs) plan(job, progress, nowMs)
    seenMs = nowMs
    const due = earliest(jobs, progress, nowMs)
    if (due === undefined) await surroundings.sleep(TICK_MS, stop)
    else await runOnce(due, progress, surroundings, stop)
  }
}

function earliest(jobs: readonly Job[], { starts }: Progress, nowMs: number): Job | undefined {
  const startOf = ({ name }: Job) => starts.get(name) ?? nowMs
  const [first] = jobs
    .filter((job) => startOf(job) <= nowMs)
    .sort((one, other) => startOf(one) - startOf(other))
  return first
}

async function runOnce(job: Job, progress: Progress, surroundings: Surroundings, stop: AbortSignal) {
  const startedAtMs = surroundings.now()
  surroundings.log({ event: 'started', job: job.name })
  progress.running = { job: job.name, sinceMs: startedAtMs }
  const exitCode = await job.run(stop)
  progress.running = undefined
  if (exitCode === undefined) return surroundings.log({ event: 'stopped', job: job.name })
  const run: Run = { startedAtMs, endedAtMs: surroundings.now(), exitCode }
  const succeededAtMs = exitCode === 0 ? run.endedAtMs : progress.records[job.name]?.succeededAtMs
  progress.records[job.name] = { last: run, succeededAtMs }
  keep(progress, surroundings)
  plan(job, progress, run.endedAtMs)
  report(job, run, progress, surroundings)
}

function plan(job: Job, { records, starts }: Progress, nowMs: number): void {
  starts.set(job.name, nextStart(job, records[job.name]?.last, nowMs))
}

/** A job that ran has run, whether or not that can be written down; health says that it could not. */
function keep(progress: Progress, { save }: Surroundings): void {
  progress.saveError = undefined
  try {
    save(progress.records)
  } catch (error) {
    progress.saveError = (error as Error).message
  }
}

function report(job: Job, run: Run, { starts, saveError }: Progress, { log }: Surroundings): void {
  const skipped = skippedTime(job, run)
  if (skipped !== undefined)
    log({ event: 'skipped', job: job.name, time: iso(skipped), why: 'it was running' })
  if (saveError !== undefined) log({ event: 'not kept', why: saveError })
  const seconds = (run.endedAtMs - run.startedAtMs) / 1000
  log({
    event: run.exitCode === 0 ? 'succeeded' : 'failed',
    job: job.name,
    exitCode: run.exitCode,
    seconds,
    next: iso(starts.get(job.name) ?? 0),
  })
}

function iso(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : 'never'
}
