// The scripts of this project as children of the set-up: each with a limit of time, its progress shown as it comes.
import { spawn } from 'node:child_process'
import { CliError, EXIT } from '../../config/cli-error.ts'

export const OUT_OF_TIME = 124

export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface Child {
  root: string
  withinMs: number
  environment?: Record<string, string>
  /** Its standard error goes to this terminal, and may ask there. */
  shown?: boolean
}

const KILL_AFTER_MS = 10_000

/** Runs it to its end. Throws CliError (124) when it does not come to one in time; all it started ends with it. */
export async function run(program: string, words: string[], plan: Child): Promise<Outcome> {
  const { root, withinMs, environment = {}, shown = false } = plan
  const child = spawn(program, words, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: [shown ? 'inherit' : 'ignore', 'pipe', shown ? 'inherit' : 'pipe'],
  })
  const outcome: Outcome = { exitCode: 0, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
  const ended = Promise.withResolvers<number | null>()
  child.on('error', ended.reject).on('close', ended.resolve)
  let late = false
  const timer = setTimeout(() => {
    late = child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
  }, withinMs)
  const code = await ended.promise.finally(() => clearTimeout(timer))
  if (late) throw outOfTime([program, ...words].join(' '), withinMs)
  return { ...outcome, exitCode: code ?? EXIT.failed }
}

function outOfTime(command: string, withinMs: number): CliError {
  return new CliError({
    what: `${command} did not end within ${withinMs / 1000} s.`,
    next: `run it alone: ${command}`,
    exitCode: OUT_OF_TIME,
  })
}

/** As `run`; throws CliError with its own last line and exit code when it fails. */
export async function succeed(program: string, words: string[], plan: Child): Promise<Outcome> {
  const outcome = await run(program, words, plan)
  if (outcome.exitCode === 0) return outcome
  const last = outcome.stderr.trim().split('\n').at(-1) ?? ''
  const [what = '', next = `run it alone: ${[program, ...words].join(' ')}`] = last.split(' Next: ')
  const said = what.replace(/^[\w.-]+: /, '') || `${program} ended with exit code ${outcome.exitCode}.`
  throw new CliError({ what: said, next, exitCode: outcome.exitCode })
}
