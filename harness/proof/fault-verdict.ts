// What the run of a criterion's tests under a fault proves. Red for the wrong reason is no proof: only an assertion is.

export type FaultVerdict = 'caught' | 'survived' | 'unreached' | 'ineffective' | 'mechanism'

export interface FaultResult {
  verdict: FaultVerdict
  /** The test that caught it, or why it proves nothing. */
  note: string
}

/** What is kept of one test that ran under a fault. */
export interface TestUnderFault {
  title: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  errors: readonly unknown[]
  /** Ids of the faults that reached it, and that reached it and changed nothing. */
  injected?: string | undefined
  ineffective?: string | undefined
}

/** Judges the tests of one criterion, run under one fault. `unhandled` holds errors outside of tests. */
export function judgeFault(
  faultId: string,
  tests: TestUnderFault[],
  unhandled: readonly unknown[],
): FaultResult {
  const failed = tests.filter(({ state }) => state === 'failed')
  const strange = failed.flatMap(({ errors }) => errors.filter((error) => !isAssertion(error)))
  const reached = tests.filter(({ injected }) => injected === faultId)
  const caught = reached.find(
    ({ state, errors }) => state === 'failed' && errors.length > 0 && errors.every(isAssertion),
  )

  if (tests.length === 0) return { verdict: 'unreached', note: 'no test carries its number' }
  if (unhandled.length > 0)
    return { verdict: 'mechanism', note: `outside of tests: ${firstLineOf(unhandled[0])}` }
  if (tests.some(({ ineffective }) => ineffective === faultId))
    return { verdict: 'ineffective', note: 'planting it changed nothing' }
  if (caught) return { verdict: 'caught', note: caught.title }
  if (strange.length > 0)
    return { verdict: 'mechanism', note: `not an assertion: ${firstLineOf(strange[0])}` }
  if (reached.length === 0)
    return { verdict: 'unreached', note: 'no test was given what the fault is planted in' }
  return { verdict: 'survived', note: 'every test stayed green' }
}

interface ThrownByExpect {
  name?: string
  code?: string
  cause?: { code?: string; message?: string }
  __vitest_error_context__?: { assertionName?: string }
}

/**
 * Vitest names the errors of its own matchers; one of `expect.extend` it marks with the matcher's name instead. What
 * node:assert throws came from somewhere else, and `resolves` wraps whatever the promise was rejected with.
 */
export function isAssertion(error: unknown): boolean {
  const { name, code, cause, __vitest_error_context__: context } = error as ThrownByExpect
  const isOfExpect = name === 'AssertionError' || context?.assertionName !== undefined
  return isOfExpect && code !== 'ERR_ASSERTION' && !isLostConnection(cause)
}

function isLostConnection(cause: ThrownByExpect['cause']): boolean {
  return (
    /^(?:ECONN\w+|EPIPE|ETIMEDOUT|57P0\d|08\w{3})$/.test(cause?.code ?? '') ||
    /^Connection terminated|timeout/i.test(cause?.message ?? '')
  )
}

function firstLineOf(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string }
  return `${name}: ${message?.split('\n')[0]}`
}
