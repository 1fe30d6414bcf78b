// What the scheduler tells: whether it is healthy, for compose, and figures for Prometheus.
import type { Progress } from './scheduler.ts'

/** How long a job may be due, with nothing running, before something is wrong with the scheduler itself. */
const LATE_MS = 60_000

/** One line each; none when all is well. A job that has not ended yet is no problem. */
export function problemsOf({ records, starts, running, saveError }: Progress, nowMs: number): string[] {
  const failed = Object.entries(records)
    .filter(([, { last }]) => last.exitCode !== 0)
    .map(([job, { last }]) => `${job} ended with exit code ${last.exitCode} at ${iso(last.endedAtMs)}`)
  const late = [...starts]
    .filter(([, start]) => running === undefined && nowMs - start > LATE_MS)
    .map(([job, start]) => `${job} is due since ${iso(start)} and does not run`)
  return [
    ...failed,
    ...late,
    ...(saveError === undefined ? [] : [`the last runs cannot be kept: ${saveError}`]),
  ]
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
