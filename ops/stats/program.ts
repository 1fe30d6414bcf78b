// The frame of a program that measures a server: once, or again and again, each time within a limit of time.
import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../../config/cli-error.ts'
import { noAnswer, slow } from './server-state.ts'

export interface Measurement<Figures> {
  /** Asks the server. What is still open when the signal comes is closed. */
  measure(within: Limit): Promise<Figures>
  /** Lines for a person. */
  render(figures: Figures): string[]
  /** What the figures are of, without a secret. */
  server: string
}

export interface Limit {
  milliseconds: number
  signal: AbortSignal
  /** To be called when the server has answered a question completely. */
  answered(): void
  /** Which share of the time is over. */
  spent(): number
}

export interface RunOptions {
  json: boolean
  watch?: number | undefined
  timeout: number
}

/** A server that has answered nothing for so long gives no answer, whatever it answered before. */
const SILENT_SHARE = 0.8
const CLEAR_SCREEN = '\u001B[2J\u001B[H'

/** Exit code 0; with --watch it runs until it is interrupted, and a round without an answer is a line and not the end. */
export async function runMeasurement<Figures>(
  measurement: Measurement<Figures>,
  { json, watch, timeout }: RunOptions,
): Promise<number> {
  const print = (figures: Figures) =>
    process.stdout.write(
      json ? `${JSON.stringify(figures)}\n` : `${measurement.render(figures).join('\n')}\n`,
    )
  if (watch === undefined) {
    print(await measureWithin(measurement, timeout * 1000))
    return 0
  }
  for (;;) {
    const round = await measureWithin(measurement, timeout * 1000).catch(asCliError)
    if (process.stdout.isTTY && !json) process.stdout.write(CLEAR_SCREEN)
    if (!(round instanceof CliError)) print(round)
    else if (json) process.stdout.write(`${JSON.stringify({ error: round })}\n`)
    else process.stdout.write(`${round.line}\n`)
    await pause(watch * 1000)
  }
}

/** Throws CliError that says whether the server is gone, gives no answer, or is slow. */
async function measureWithin<Figures>(
  { measure, server }: Measurement<Figures>,
  milliseconds: number,
): Promise<Figures> {
  const stop = new AbortController()
  const late = Promise.withResolvers<never>()
  const startedAt = performance.now()
  const spent = () => (performance.now() - startedAt) / milliseconds
  let lastAnswer = Number.NEGATIVE_INFINITY
  const timer = setTimeout(() => {
    stop.abort()
    const isSlow = spent() - lastAnswer < SILENT_SHARE
    const reason = `it answers, and not all within ${milliseconds / 1000} s`
    late.reject(isSlow ? slow(server, reason) : noAnswer(server, milliseconds))
  }, milliseconds)
  const answered = () => {
    lastAnswer = spent()
  }
  const figures = measure({ milliseconds, signal: stop.signal, answered, spent })
  // What fails after the limit was reported already.
  figures.catch(() => {})
  return Promise.race([figures, late.promise]).finally(() => clearTimeout(timer))
}

function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  throw error
}
