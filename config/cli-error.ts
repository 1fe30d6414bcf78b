import { inspect } from 'node:util'

/** Exit codes that mean the same in every program; one that adds its own says so in its --help. */
export const EXIT = { failed: 1, usage: 2, unreachable: 3, refused: 4, locked: 5, outOfTime: 124 } as const

/** What a program may want to know of an error: SQLSTATE, rule, who holds the lock. Never row data, never a secret. */
export type Facts = Record<string, unknown>

export interface CliErrorOptions {
  /** The subject with its value, and what is wrong with it. */
  what: string
  /** File, database, container or command, unless `what` names it. */
  where?: string | undefined
  /** The next act. */
  next: string
  exitCode?: number
  facts?: Facts
  /** Errors of the same kind that were found together with this one, each with a line of its own. */
  others?: CliError[]
  cause?: unknown
}

/** The one error for people: its reader can act on its text alone. Anything else that is thrown is a defect. */
export class CliError extends Error {
  readonly what: string
  readonly where: string | undefined
  readonly next: string
  readonly exitCode: number
  readonly facts: Facts
  readonly others: CliError[]

  constructor({
    what,
    where,
    next,
    exitCode = EXIT.failed,
    facts = {},
    others = [],
    cause,
  }: CliErrorOptions) {
    super(`${what}\n${where === undefined ? '' : `  where: ${where}\n`}  next:  ${next}`, { cause })
    this.name = 'CliError'
    this.what = what
    this.where = where
    this.next = next
    this.exitCode = exitCode
    this.facts = facts
    this.others = others
  }

  /** The whole of it on one line. */
  get line(): string {
    const where = this.where === undefined ? '' : ` (${this.where})`
    return withNext(`${this.what}${where}`, this.next).replaceAll(/\s*\n\s*/g, ' ')
  }

  /** For standard error: a line for each error, which begins with the program's name. */
  linesFor(program: string): string {
    return [this, ...this.others].map(({ line }) => `${program}: ${line}`).join('\n')
  }

  /** The same for a program that reads it. */
  toJSON(): Facts {
    return { exitCode: this.exitCode, message: this.what, next: this.next, ...this.facts }
  }
}

/** A sentence and the next act, where there is one: the only place that joins them. */
export function withNext(what: string, next: string | undefined): string {
  return next === undefined ? what : `${what} Next: ${next}`
}

/** Any error as one line: a CliError's own, or kind and message of what should not have happened, wherever it came from. */
export function lineOf(error: unknown): string {
  if (error instanceof CliError) return error.line
  const { name = 'Error', message } = (error ?? {}) as { name?: string; message?: string }
  return message === undefined ? `${inspect(error)}` : `${name}: ${message}`.replaceAll(/\s*\n\s*/g, ' ')
}
