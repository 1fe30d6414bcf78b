// What the scheduler tells: whether it is healthy, for compose, and figures for Prometheus.
import type { Progress } from './scheduler.ts'

/** First runs are waited for, so that `up --wait` sees their failure; one that takes longer is no problem. */
const FIRST_RUNS_MS = 60_000
/** How long a job may be due, with nothing running, before something is wrong with the scheduler itself. */
const LATE_MS = 60_000

/** One line each; none when all is well. */
export function problemsOf(progress: Progress, nowMs: number): string[] {
  const { sinceMs, records, starts, running, saveError } = progress
  const failed = Object.entries(records)
    .filter(([, { last }]) => last.exitCode !== 0)
    .map(([job, { last }]) => `${job} ended with exit code ${last.exitCode} at ${iso(last.endedAtMs)}`)
  const late = [...starts]
    .filter(([, start]) => running === undefined && nowMs - start > LATE_MS)
    .map(([job, start]) => `${job} is due since ${iso(start)} and does not run`)
  const isFirst = (job: string) => nowMs - sinceMs <= FIRST_RUNS_MS && !(job in records)
  const awaited = [...starts.keys()].filter(isFirst).map((job) => `${job} has not ended yet`)
  const unsaved = saveError === undefined ? [] : [`the last runs cannot be kept: ${saveError}`]
  return [...failed, ...late, ...awaited, ...unsaved]
}

/** In Prometheus' text format. */
export function metricsOf({ records }: Progress): string {
  const entries = Object.entries(records)
  const exitCodes = entries.map(([job, { last }]) =>
    sample('hma_schedule_last_exit_code', job, last.exitCode),
  )
  const successes = entries.flatMap(([job, { succeededAtMs }]) =>
    succeededAtMs === undefined
      ? []
      : [sample('hma_schedule_last_success_timestamp_seconds', job, succeededAtMs / 1000)],
  )
  return [
    '# HELP hma_schedule_last_exit_code Exit code of the last run of the job.',
    '# TYPE hma_schedule_last_exit_code gauge',
    ...exitCodes,
    '# HELP hma_schedule_last_success_timestamp_seconds When the job last succeeded.',
    '# TYPE hma_schedule_last_success_timestamp_seconds gauge',
    ...successes,
    '',
  ].join('\n')
}

function sample(name: string, job: string, value: number): string {
  return `${name}{job="${job}"} ${value}`
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
