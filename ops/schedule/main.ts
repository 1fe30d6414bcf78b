// Runs jobs at their times, in the foreground, until SIGTERM or SIGINT; docs/schedule.md is its manual.
import { setTimeout } from 'node:timers/promises'
import { runProgram } from '../../config/program.ts'
import { serve } from '../metrics-server.ts'
import { PROGRAMS, type Program } from './jobs.ts'
import { metricFilesIn } from './metric-files.ts'
import type { Timing } from './next-start.ts'
import { readSchedule } from './options.ts'
import { readRecords, saveRecords } from './records.ts'
import { metricsOf, problemsOf } from './report.ts'
import { runToEnd } from './run-to-end.ts'
import { createProgress, type Job, runSchedule, type Surroundings } from './scheduler.ts'

await runProgram('schedule', main)

async function main(words: string[]): Promise<number> {
  const { patterns, zone, jitter, state, port, metrics } = readSchedule(words)
  const jobs = Object.entries(PROGRAMS).flatMap(([name, program]) => {
    const pattern = patterns.get(name)
    return pattern === undefined ? [] : [jobOf(name, program, { pattern, zone, jitterMs: jitter * 1000 })]
  })
  // A job that lacks a variable would fail at its time, which may be in a week.
  for (const name of patterns.keys()) PROGRAMS[name]?.readSettings(process.env)
  const progress = createProgress(Date.now(), readRecords(state))
  const { server, port: listening } = await serve(port, {
    problems: () => problemsOf(progress, Date.now()),
    metrics: () => metricsOf(progress) + metricFilesIn(metrics),
  })
  log({ event: 'listening', port: listening })
  const save: Surroundings['save'] = (records) => saveRecords(state, records)
  await runSchedule(jobs, progress, { now: Date.now, sleep, save, log }, stopSignal())
  server.closeAllConnections()
  server.close()
  return 0
}

function jobOf(name: string, program: Program, timing: Timing): Job {
  return { name, ...timing, run: (stop) => runToEnd(program, stop) }
}

function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort())
  return controller.signal
}

/** Ends early, and without an error, at the signal to stop. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {})
}

function log(event: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)
}
