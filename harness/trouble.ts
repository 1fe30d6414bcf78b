/** What the one error class of the harness needs: subject with its value, place, and the next act. */
export interface TroubleOptions {
  what: string
  where: string
  next: string
  /** Process exit code of a command line that ends on it; 3 means the machine lacks something. */
  exitCode?: number
  cause?: unknown
}

/** An error a stranger can act on from its text alone. */
export class Trouble extends Error {
  readonly what: string
  readonly where: string
  readonly next: string
  readonly exitCode: number

  constructor({ what, where, next, exitCode = 1, cause }: TroubleOptions) {
    super(`${what}\n  where: ${where}\n  next:  ${next}`, { cause })
    this.name = 'Trouble'
    this.what = what
    this.where = where
    this.next = next
    this.exitCode = exitCode
  }

  /** The whole of it on one line. */
  get line(): string {
    return `${this.what} (${this.where}) Next: ${this.next}`.replaceAll(/\s*\n\s*/g, ' ')
  }
}

/** Any error as one line: a Trouble's own, or kind and message of what should not have happened. */
export function lineOf(error: unknown): string {
  if (error instanceof Trouble) return error.line
  return error instanceof Error
    ? `${error.name}: ${error.message}`.replaceAll(/\s*\n\s*/g, ' ')
    : String(error)
}
