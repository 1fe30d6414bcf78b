/** Exit codes that mean the same in every program; one that adds its own says so in its --help. */
export const EXIT = { failed: 1, usage: 2, unreachable: 3 } as const

/** What a program may want to know of a refusal: SQLSTATE, rule, who holds the lock. Never row data, never a secret. */
export type Facts = Record<string, unknown>

/** A program stops on purpose: one line with what is wrong and the next act. */
export class Refusal extends Error {
  readonly exitCode: number
  readonly next: string
  readonly facts: Facts

  constructor(exitCode: number, what: string, next: string, { cause, ...facts }: Facts = {}) {
    super(what, { cause })
    this.exitCode = exitCode
    this.next = next
    this.facts = facts
  }

  /** The line on standard error, with the program that says it. */
  lineOf(program: string): string {
    return `${program}: ${this.message} Next: ${this.next}`
  }

  /** The same for a program that reads it. */
  toJSON(): Facts {
    return { exitCode: this.exitCode, message: this.message, next: this.next, ...this.facts }
  }
}
