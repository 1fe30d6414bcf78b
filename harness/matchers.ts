// Matchers for what the database answered: by SQLSTATE and rule name, never by the text of a message.
import { expect } from 'vitest'

interface DatabaseError {
  code?: string
  constraint?: string
}

declare module 'vitest' {
  interface Matchers {
    /** The attempt was rejected by this rule: the name of a constraint as Postgres reports it. */
    toBreakRule(rule: string): Promise<void>
    /** The attempt succeeded. With this matcher an error fails an assertion and does not count as a broken set-up. */
    toBeAccepted(): Promise<void>
    /** The attempt was rejected because a privilege is missing (42501). */
    toBeDenied(): Promise<void>
    /** The attempt was rejected with this SQLSTATE. */
    toFailWith(sqlstate: string): Promise<void>
  }
}

expect.extend({
  async toBreakRule(attempt: Promise<unknown>, rule: string) {
    const error = await errorOf(attempt)
    return result(error?.constraint === rule, `break the rule ${rule}`, error)
  },
  async toBeAccepted(attempt: Promise<unknown>) {
    const error = await errorOf(attempt)
    return result(error === undefined, 'be accepted', error)
  },
  async toBeDenied(attempt: Promise<unknown>) {
    const error = await errorOf(attempt)
    return result(error?.code === '42501', 'be denied (42501)', error)
  },
  async toFailWith(attempt: Promise<unknown>, sqlstate: string) {
    const error = await errorOf(attempt, sqlstate)
    return result(error?.code === sqlstate, `fail with ${sqlstate}`, error)
  },
})

/** Connection lost (08), resources exhausted (53), server shutting down (57P), system or internal error (58, XX): an error of the stack. */
const STACK_ERROR = /^(?:08|53|57P|58|XX)/

/**
 * The error that Postgres answered with, or undefined after success. An error without an SQLSTATE is thrown again, and so is an
 * error of the stack unless it is the expected one: a test that is red for such a reason proves nothing.
 */
async function errorOf(attempt: Promise<unknown>, expected?: string): Promise<DatabaseError | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    const { code = '' } = error as DatabaseError
    if (!/^[0-9A-Z]{5}$/.test(code)) throw error
    if (STACK_ERROR.test(code) && code !== expected) throw error
    return error as DatabaseError
  }
}

function result(pass: boolean, claim: string, error: DatabaseError | undefined) {
  const answer = error ? `SQLSTATE ${error.code}, rule ${error.constraint ?? '(none)'}` : 'no error at all'
  return { pass, message: () => `expected the attempt to ${pass ? 'not ' : ''}${claim}, got ${answer}` }
}
