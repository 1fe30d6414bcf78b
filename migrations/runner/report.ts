// What the runner prints: plain lines for people, one JSON object per line with --json. Never row data, never a secret.

export interface Report {
  event(event: Record<string, unknown>, line: string): void
  result(result: Record<string, unknown>, lines: string[]): void
}

/** Progress goes to standard error, the result to standard output, so that a script can read just the result. */
export function openReport(json: boolean): Report {
  return {
    event: (event, line) => void process.stderr.write(`${json ? JSON.stringify(event) : line}\n`),
    result: (result, lines) =>
      void process.stdout.write(
        json ? `${JSON.stringify(result)}\n` : lines.map((line) => `${line}\n`).join(''),
      ),
  }
}
