import { expect, test } from 'vitest'
import { judgeFault, type TestUnderFault } from './fault-verdict.ts'

const id = 'B1.1.1/the-rule-is-gone'
const assertion = { name: 'AssertionError', message: 'expected 1 to be 2' }
const ofMatcher = {
  name: 'Error',
  message: 'no refusal',
  __vitest_error_context__: { assertionName: 'toBreakRule' },
}

const tried = (but: Partial<TestUnderFault> = {}): TestUnderFault => ({
  title: 'B1.1.1 a claim',
  state: 'passed',
  errors: [],
  injected: id,
  ...but,
})
const failedWith = (...errors: unknown[]) => tried({ state: 'failed', errors })
const verdictOf = (tests: TestUnderFault[], unhandled: unknown[] = []) =>
  judgeFault(id, tests, unhandled).verdict

test('a reached test that fails by assertion has caught the fault', () => {
  expect(judgeFault(id, [tried(), failedWith(assertion)], [])).toEqual({
    verdict: 'caught',
    note: 'B1.1.1 a claim',
  })
})

test('a failure of our own matchers is an assertion, and so are several at once', () => {
  expect(verdictOf([failedWith(ofMatcher, assertion)])).toBe('caught')
})

test('a fault that leaves every test green has survived', () => {
  expect(verdictOf([tried(), tried()])).toBe('survived')
})

test('a fault that reaches no test is unreached, and so is one without a test', () => {
  expect(verdictOf([tried({ injected: undefined })])).toBe('unreached')
  expect(verdictOf([tried({ injected: 'B1.1.1/another' })])).toBe('unreached')
  expect(verdictOf([])).toBe('unreached')
})

test('a fault that changes nothing is ineffective, even where a test is red', () => {
  const unchanged = tried({ injected: undefined, ineffective: id, state: 'failed', errors: [assertion] })

  expect(verdictOf([unchanged])).toBe('ineffective')
  expect(verdictOf([unchanged, failedWith(assertion)])).toBe('ineffective')
})

test.for([
  ['a timeout', { name: 'Error', message: 'Test timed out in 30000ms.' }],
  ['a lost connection', { name: 'Error', message: 'Connection terminated unexpectedly' }],
  ['an SQL error that nobody expected', { name: 'error', message: 'relation does not exist', code: '42P01' }],
  ['a missing property', { name: 'TypeError', message: 'Cannot read properties of undefined' }],
  ['an assertion of node itself', { name: 'AssertionError', code: 'ERR_ASSERTION', message: 'falsy' }],
  [
    'a test without an assertion',
    { name: 'Error', message: 'expected any number of assertion, but got none' },
  ],
  ['a promise that lost its connection', { ...assertion, cause: { code: 'ECONNRESET' } }],
  ['a promise that ran out of time', { ...assertion, cause: { message: 'Query read timeout' } }],
  ['a promise that met a server going down', { ...assertion, cause: { code: '57P01' } }],
] as const)('%s proves nothing', ([, error]) => {
  expect(verdictOf([failedWith(error)])).toBe('mechanism')
  expect(verdictOf([failedWith(assertion, error)])).toBe('mechanism')
})

test('a promise that was rejected for the reason at hand is an assertion', () => {
  expect(verdictOf([failedWith({ ...assertion, cause: { code: '23514' } })])).toBe('caught')
})

test('a fault that could not be planted proves nothing', () => {
  const broken = tried({
    injected: undefined,
    state: 'failed',
    errors: [{ name: 'error', message: 'syntax error' }],
  })

  expect(verdictOf([broken])).toBe('mechanism')
})

test('an error outside of tests spoils every proof', () => {
  expect(verdictOf([failedWith(assertion)], [{ name: 'Error', message: 'worker lost' }])).toBe('mechanism')
})

test('one test that catches it is enough, however another fails', () => {
  expect(verdictOf([failedWith({ name: 'TypeError', message: 'x' }), failedWith(assertion)])).toBe('caught')
})

test('a failed test without an error proves nothing', () => {
  expect(verdictOf([failedWith()])).not.toBe('caught')
})
