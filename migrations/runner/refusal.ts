/** Exit codes of the runner, as documented in `scripts/migrate.sh --help`. */
export const EXIT = { failed: 1, usage: 2, unreachable: 3, refused: 4, locked: 5 } as const

/** What a program may want to know of a refusal: file, line, SQLSTATE, names, who holds the lock. Never row data. */
export type Facts = Record<string, unknown>

/** The runner stops on purpose: one line with what is wrong and the next act. */
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

  get line(): string {
    return `migrate: ${this.message} Next: ${this.next}`
  }
}
