// What the runner prints: plain lines for people, JSON with --json. Never row data, never a secret.
import type { CliError } from '../../config/cli-error.ts'

export interface Report {
  /** Progress, on standard error. */
  event(event: Record<string, unknown>, line: string): void
  /** The result, on standard output, so that a script can read just that. */
  result(result: Record<string, unknown>, lines: string[]): void
  /** Why there is no result: a line on standard error, or, with --json, `{error}` where the result would be. */
  refusal(refusal: CliError): void
}

/** One JSON object on standard output, whatever happens, when `json`. */
export function openReport(json: boolean): Report {
  // A reader that goes away (`| head`) does not stop a migration.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const answer = (result: Record<string, unknown>) => void process.stdout.write(`${JSON.stringify(result)}\n`)
  return {
    event: (event, line) => say(json ? JSON.stringify(event) : line),
    result: (result, lines) =>
      json ? answer(result) : void process.stdout.write(lines.map((line) => `${line}\n`).join('')),
    refusal: (refusal) => (json ? answer({ error: refusal }) : say(refusal.linesFor('migrate'))),
  }
}
