// Runs a program of somebody else (docker, a script that calls apt) with a limit of time.
import { CliError, EXIT } from '../config/cli-error.ts'

export interface CommandResult {
  exitCode: number
  stdout: string
  stderr: string
}

export interface CommandOptions {
  withinMs: number
  /** The program may ask at this terminal, and its standard error is shown as it comes. */
  interactive?: boolean
}

const KILL_AFTER_MS = 10_000

/** Throws CliError (124) when the program does not end in time; then it is ended. */
export async function runCommand(
  command: string[],
  { withinMs, interactive = false }: CommandOptions,
): Promise<CommandResult> {
  // Loaded only now: it takes a fifth of the time of a short command that starts no other program.
  const { execa } = await import('execa')
  const [program = '', ...args] = command
  const { exitCode, stdout, stderr, timedOut, shortMessage } = await execa(program, args, {
    stdin: interactive ? 'inherit' : 'ignore',
    stderr: interactive ? 'inherit' : 'pipe',
    timeout: withinMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    reject: false,
  })
  if (timedOut) throw outOfTime(command.join(' '), withinMs)
  return { exitCode: exitCode ?? EXIT.failed, stdout: stdout ?? '', stderr: stderr || (shortMessage ?? '') }
}

/** As runCommand; throws CliError with the last line of standard error when the program fails. */
export async function runOrThrow(command: string[], options: CommandOptions): Promise<CommandResult> {
  const result = await runCommand(command, options)
  if (result.exitCode === 0) return result
  const line = command.join(' ')
  throw new CliError({
    what: result.stderr.trim().split('\n').at(-1) || `${line} ended with exit code ${result.exitCode}.`,
    next: `run it alone: ${line}`,
    exitCode: result.exitCode,
  })
}

export function outOfTime(subject: string, withinMs: number): CliError {
  return new CliError({
    what: `${subject} did not end within ${withinMs / 1000} s.`,
    next: `run it alone: ${subject}`,
    exitCode: EXIT.outOfTime,
  })
}
