// What the run of a criterion's tests under a fault proves. Red for the wrong reason is no proof: only an assertion is.
import type { TestCase } from 'vitest/node'
import type { Fault } from './fault.ts'

export type ProofVerdict = 'caught' | 'survived' | 'unreached' | 'ineffective' | 'mechanism'

export interface Proof {
  verdict: ProofVerdict
  /** The test that caught it, or why it proves nothing. */
  note: string
}

/** Judges the tests of the fault's criterion. */
export function judge(fault: Fault, tests: TestCase[], unhandled: unknown[]): Proof {
  const reached = tests.filter((test) => test.meta().planted === fault.id)
  if (tests.length === 0) return { verdict: 'unreached', note: `no test is titled ${fault.criterion}` }
  if (tests.some((test) => test.meta().ineffective === fault.id)) {
    return { verdict: 'ineffective', note: 'the planted statement changed nothing' }
  }
  const failed = tests.filter((test) => test.result().state === 'failed')
  const strange = failed.flatMap((test) =>
    (test.result().errors ?? []).filter((error) => !isAssertion(error)),
  )
  if (unhandled.length > 0) return { verdict: 'mechanism', note: `unhandled: ${lineOf(unhandled[0])}` }
  if (reached.length === 0 && strange.length === 0)
    return { verdict: 'unreached', note: 'no test was given what the fault is planted in' }
  const caught = failed.find(
    (test) => test.meta().planted === fault.id && (test.result().errors ?? []).every(isAssertion),
  )
  if (caught) return { verdict: 'caught', note: caught.name }
  if (strange.length > 0) return { verdict: 'mechanism', note: `not an assertion: ${lineOf(strange[0])}` }
  return { verdict: 'survived', note: 'every test stayed green' }
}

interface ThrownByExpect {
  name?: string
  __vitest_error_context__?: { assertionName?: string }
}

/** Vitest names the errors of its own matchers; one of `expect.extend` it marks with the matcher's name instead. */
function isAssertion(error: unknown): boolean {
  const { name, __vitest_error_context__: context } = error as ThrownByExpect
  return name === 'AssertionError' || context?.assertionName !== undefined
}

function lineOf(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string }
  return `${name}: ${message?.split('\n')[0]}`
}
