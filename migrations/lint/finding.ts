/** Something a linter objects to, in one line of one file. */
export interface Finding {
  tool: Tool
  rule: string
  file: string
  line: number
  message: string
}

export type Tool = 'squawk' | 'sqlfluff' | 'postgres' | 'pgspot' | 'house' | 'exceptions'

/** A linter could not be asked, which is no answer. */
export class Unanswered extends Error {
  readonly next: string

  constructor(what: string, next: string, cause?: unknown) {
    super(what, { cause })
    this.next = next
  }
}
