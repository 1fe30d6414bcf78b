/** Exit codes of the loader, as documented in `scripts/seed.sh --help`. */
export const EXIT = { failed: 1, usage: 2, unreachable: 3, refused: 4 } as const

/** The loader stops on purpose: one line with what is wrong and the next act. */
export class Refusal extends Error {
  readonly exitCode: number
  readonly next: string

  constructor(exitCode: number, what: string, next: string, cause?: unknown) {
    super(what, { cause })
    this.exitCode = exitCode
    this.next = next
  }

  get line(): string {
    return `seed: ${this.message} Next: ${this.next}`
  }
}
