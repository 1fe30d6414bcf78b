// The frame around the main function of every program: exit code, and the only place where an error is printed.
import { CliError, EXIT } from './cli-error.ts'

export interface ProgramOptions {
  /** With --json, an error is `{error}` on standard output, where the result would be, and not a line on standard error. */
  jsonErrors?: boolean
}

/**
 * Calls `main` with the words of the command line. What it returns is the exit code; a CliError becomes one line
 * and its exit code; anything else that is thrown is a defect, whose stack is printed, with exit code 1.
 *
 *     await runProgram('audit', async (words) => {
 *       const options = readOptions(words)
 *       …
 *       return 0
 *     })
 */
export async function runProgram(
  name: string,
  main: (words: string[]) => number | Promise<number>,
  { jsonErrors = false }: ProgramOptions = {},
): Promise<void> {
  // A reader that goes away (`| head`) does not stop the program.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const words = process.argv.slice(2)
  try {
    process.exitCode = await main(words)
  } catch (thrown) {
    const error = thrown instanceof CliError ? thrown : defect(thrown)
    if (jsonErrors && words.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`)
    else if (error === thrown) process.stderr.write(`${error.linesFor(name)}\n`)
    process.exitCode = error.exitCode
  } finally {
    endSoon()
  }
}

/** A line on standard error about what does not stop the program. */
export function warn(program: string, what: string, next: string): void {
  process.stderr.write(`${new CliError({ what, next }).linesFor(program)}\n`)
}

const LAST_MS = 500

/** A connection that a client is still opening or closing does not keep the process alive: its result is printed. */
function endSoon(): void {
  setTimeout(() => process.exit(), LAST_MS).unref()
}

/** Prints the stack and nothing else of the error: Postgres puts row data into other fields. */
function defect(cause: unknown): CliError {
  const { name, message, stack } = cause instanceof Error ? cause : new Error(String(cause))
  process.stderr.write(`${stack}\n`)
  return new CliError({
    what: `${name}: ${message}`,
    next: 'report it: this is a defect of the program.',
    exitCode: EXIT.failed,
    cause,
  })
}
