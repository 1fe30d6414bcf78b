// What the tests of a criterion prove when they ran under a fault. Only a failed assertion catches a fault: any other failure
// may have another reason.

export type FaultVerdict = 'caught' | 'survived' | 'unreached' | 'ineffective' | 'mechanism'

export interface FaultResult {
  verdict: FaultVerdict
  /** Title of the test that caught it, or why it was not caught. */
  note: string
}

/** One test that ran under a fault. */
export interface TestUnderFault {
  title: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  errors: readonly unknown[]
  /** Id of the fault that was injected, and of the one whose injection changed nothing. */
  injected?: string | undefined
  ineffective?: string | undefined
}

/** Judges the tests of one criterion under one fault. `unhandled` holds errors outside of tests. */
export function judgeFault(
  faultId: string,
  tests: TestUnderFault[],
  unhandled: readonly unknown[],
): FaultResult {
  const failed = tests.filter(({ state }) => state === 'failed')
  const reached = tests.filter(({ injected }) => injected === faultId)
  const caught = reached.find(
    ({ state, errors }) => state === 'failed' && errors.length > 0 && errors.every(isAssertion),
  )
  const other = failed.flatMap(({ errors }) => errors).find((error) => !isAssertion(error))

  if (tests.length === 0) return { verdict: 'unreached', note: 'no test has its number' }
  if (unhandled.length > 0)
    return { verdict: 'mechanism', note: `error outside of tests: ${firstLineOf(unhandled[0])}` }
  if (tests.some(({ ineffective }) => ineffective === faultId))
    return { verdict: 'ineffective', note: 'injecting it changed nothing' }
  if (caught) return { verdict: 'caught', note: caught.title }
  if (other !== undefined)
    return { verdict: 'mechanism', note: `not an assertion: ${firstLineOf(other)}${cureFor(other)}` }
  if (reached.length === 0)
    return { verdict: 'unreached', note: 'no test asks for db, cluster or project, where it is injected' }
  return { verdict: 'survived', note: 'every test passed' }
}

interface ThrownByExpect {
  name?: string
  code?: string
  cause?: { code?: string; message?: string }
  __vitest_error_context__?: { assertionName?: string }
}

/**
 * Vitest names the errors of its own matchers; it marks those of `expect.extend` with the matcher's name instead. Errors of
 * node:assert come from elsewhere, and `resolves` wraps the error that the promise was rejected with.
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

/** What the author can do about an error that Postgres answered with. */
function cureFor(error: unknown): string {
  return /^[0-9A-Z]{5}$/.test((error as ThrownByExpect).code ?? '')
    ? '. If the spec claims that the statement succeeds, write: await expect(…).toBeAccepted()'
    : ''
}

function firstLineOf(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string }
  return `${name}: ${message?.split('\n')[0]}`
}
