// What the runner prints: plain lines, or JSON with --json. Never row data, never a secret.

export interface Output {
  /** Progress, on standard error. */
  progress(event: Record<string, unknown>, line: string): void
  /** The result, on standard output, so that a script can read it alone. */
  result(result: Record<string, unknown>, lines: string[]): void
}

export function openOutput(json: boolean): Output {
  return {
    progress: (event, line) => process.stderr.write(`${json ? JSON.stringify(event) : line}\n`),
    result: (result, lines) => {
      const text = json ? [JSON.stringify(result)] : lines
      process.stdout.write(text.map((line) => `${line}\n`).join(''))
    },
  }
}
