import { expect, test } from 'vitest'
import { judgeFault, type TestUnderFault } from './fault-verdict.ts'

const id = 'B1.1.1/the-rule-is-gone'
const assertion = { name: 'AssertionError', message: 'expected 1 to be 2' }
const ofMatcher = {
  name: 'Error',
  message: 'no error at all',
  __vitest_error_context__: { assertionName: 'toBreakRule' },
}

const underFault = (changes: Partial<TestUnderFault> = {}): TestUnderFault => ({
  title: 'B1.1.1 a claim',
  state: 'passed',
  errors: [],
  injected: id,
  ...changes,
})
const failedWith = (...errors: unknown[]) => underFault({ state: 'failed', errors })
const verdictOf = (tests: TestUnderFault[], unhandled: unknown[] = []) =>
  judgeFault(id, tests, unhandled).verdict

test('a reached test that fails by assertion has caught the fault', () => {
  expect(judgeFault(id, [underFault(), failedWith(assertion)], [])).toEqual({
    verdict: 'caught',
    note: 'B1.1.1 a claim',
  })
})

test('a failure of our own matchers is an assertion, and so are several at once', () => {
  expect(verdictOf([failedWith(ofMatcher, assertion)])).toBe('caught')
})

test('a fault under which every test passes has survived', () => {
  expect(verdictOf([underFault(), underFault()])).toBe('survived')
})

test('a fault that reaches no test is unreached, and so is one without a test', () => {
  expect(verdictOf([underFault({ injected: undefined })])).toBe('unreached')
  expect(verdictOf([underFault({ injected: 'B1.1.1/another' })])).toBe('unreached')
  expect(verdictOf([])).toBe('unreached')
})

test('a fault that changes nothing is ineffective, even where a test fails', () => {
  const unchanged = underFault({ injected: undefined, ineffective: id, state: 'failed', errors: [assertion] })

  expect(verdictOf([unchanged])).toBe('ineffective')
  expect(verdictOf([unchanged, failedWith(assertion)])).toBe('ineffective')
})

test.for([
  ['a timeout', { name: 'Error', message: 'Test timed out in 30000ms.' }],
  ['a lost connection', { name: 'Error', message: 'Connection terminated unexpectedly' }],
  [
    'an SQL error outside of an assertion',
    { name: 'error', message: 'relation does not exist', code: '42P01' },
  ],
  ['a missing property', { name: 'TypeError', message: 'Cannot read properties of undefined' }],
  ['an assertion of node itself', { name: 'AssertionError', code: 'ERR_ASSERTION', message: 'falsy' }],
  [
    'a test without an assertion',
    { name: 'Error', message: 'expected any number of assertion, but got none' },
  ],
  ['a promise that lost its connection', { ...assertion, cause: { code: 'ECONNRESET' } }],
  ['a promise that ran out of time', { ...assertion, cause: { message: 'Query read timeout' } }],
  ['a promise rejected by a server that shuts down', { ...assertion, cause: { code: '57P01' } }],
] as const)('%s proves nothing', ([, error]) => {
  expect(verdictOf([failedWith(error)])).toBe('mechanism')
  expect(verdictOf([failedWith(assertion, error)])).toBe('mechanism')
})

test('a promise that Postgres rejected is an assertion', () => {
  expect(verdictOf([failedWith({ ...assertion, cause: { code: '23514' } })])).toBe('caught')
})

test('a fault that could not be injected proves nothing', () => {
  const broken = underFault({
    injected: undefined,
    state: 'failed',
    errors: [{ name: 'error', message: 'syntax error' }],
  })

  expect(verdictOf([broken])).toBe('mechanism')
})

test('with an error outside of tests nothing is caught', () => {
  expect(verdictOf([failedWith(assertion)], [{ name: 'Error', message: 'worker lost' }])).toBe('mechanism')
})

test('one test that catches it is enough, even if another fails without an assertion', () => {
  expect(verdictOf([failedWith({ name: 'TypeError', message: 'x' }), failedWith(assertion)])).toBe('caught')
})

test('a failed test without an error proves nothing', () => {
  expect(verdictOf([failedWith()])).not.toBe('caught')
})

test('the note of an SQL error names the assertion to write', () => {
  const error = { name: 'error', message: 'permission denied', code: '42501' }

  expect(judgeFault(id, [failedWith(error)], []).note).toContain('toBeAccepted()')
})
