// How specs say what the database answered: by SQLSTATE and rule name, never by wording.
import { expect } from 'vitest'

interface DatabaseError {
  code?: string
  constraint?: string
}

declare module 'vitest' {
  interface Matchers {
    /** The attempt was refused by the named rule: a constraint's name as Postgres reports it. */
    toBreakRule(rule: string): Promise<void>
    /** The database agreed. Said in so many words, so that a error is a failed claim and not a broken set-up. */
    toBeAccepted(): Promise<void>
    /** The attempt was refused for want of a privilege (42501). */
    toBeDenied(): Promise<void>
    /** The attempt was refused with this SQLSTATE. */
    toFailWith(sqlstate: string): Promise<void>
  }
}

expect.extend({
  async toBreakRule(attempt: Promise<unknown>, rule: string) {
    const error = await errorOf(attempt)
    return verdict(error?.constraint === rule, `break the rule ${rule}`, error)
  },
  async toBeAccepted(attempt: Promise<unknown>) {
    const error = await errorOf(attempt)
    return verdict(error === undefined, 'be accepted', error)
  },
  async toBeDenied(attempt: Promise<unknown>) {
    const error = await errorOf(attempt)
    return verdict(error?.code === '42501', 'be denied (42501)', error)
  },
  async toFailWith(attempt: Promise<unknown>, sqlstate: string) {
    const error = await errorOf(attempt, sqlstate)
    return verdict(error?.code === sqlstate, `fail with ${sqlstate}`, error)
  },
})

/** Connection lost (08), nothing left (53), server going down (57P), engine broken (58, XX): a fault of the stack. */
const NO_ANSWER = /^(?:08|53|57P|58|XX)/

/**
 * What Postgres answered, or undefined when it agreed. An error without an SQLSTATE is no answer and is thrown on, and so
 * is one that says nothing about the attempt, unless that one is expected: a red for such a reason proves nothing.
 */
async function errorOf(attempt: Promise<unknown>, expected?: string): Promise<DatabaseError | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    const { code = '' } = error as DatabaseError
    if (!/^[0-9A-Z]{5}$/.test(code)) throw error
    if (NO_ANSWER.test(code) && code !== expected) throw error
    return error as DatabaseError
  }
}

function verdict(pass: boolean, claim: string, error: DatabaseError | undefined) {
  const answer = error ? `SQLSTATE ${error.code}, rule ${error.constraint ?? '(none)'}` : 'no error at all'
  return { pass, message: () => `expected the attempt to ${pass ? 'not ' : ''}${claim}, got ${answer}` }
}
