import { expect, test } from 'vitest'
import {
  isNumbered,
  judgeCriteria,
  NO_SPEC,
  type RunResults,
  titlesWithUnknownNumber,
} from './criterion-verdict.ts'
import { list, passed, run } from './sample-data.ts'

const first = (facts: RunResults) => {
  const [{ verdict, reason } = { verdict: undefined, reason: undefined }] = judgeCriteria(list, facts)
  return { verdict, reason }
}
const title = 'B1.1.1 it holds'

test('a criterion whose tests all passed is proven', () => {
  expect(first(run([passed(title), passed('B1.1.1 it holds at the other side')]))).toEqual({
    verdict: 'proven',
    reason: '',
  })
})

test('a criterion without a test is missing', () => {
  expect(first(run([passed('B1.1.2 another'), passed('B1.1.10 a longer number')]))).toEqual({
    verdict: 'missing',
    reason: NO_SPEC,
  })
})

test.for([
  ['failed', { state: 'failed' }, `failed: ${title}`],
  ['was skipped', { state: 'skipped' }, `did not run: ${title}`],
  ['never ended', { state: 'pending' }, `did not run: ${title}`],
  ['is marked to fail', { fails: true }, `is expected to fail: ${title}`],
  ['needed a second try', { retries: 1 }, `needed 2 tries: ${title}`],
] as const)('a test that %s breaks its criterion, whatever the others say', ([, but, reason]) => {
  expect(first(run([passed('B1.1.1 the other side'), passed(title, but)]))).toEqual({
    verdict: 'broken',
    reason,
  })
})

test('a test that a filter left out is no proof and no defect', () => {
  const facts = run([passed('B1.1.1 the other side'), passed(title, { state: 'skipped', filtered: true })])

  expect(first(facts)).toEqual({ verdict: 'missing', reason: `left out of this run: ${title}` })
})

test('a test in a file that did not run keeps its criterion from being proven', () => {
  expect(first(run([passed(title)], { elsewhere: new Set(['B1.1.1']) })).verdict).toBe('missing')
})

test('a failure weighs more than what was left out', () => {
  const facts = run([passed(title, { state: 'failed' })], { elsewhere: new Set(['B1.1.1']) })

  expect(first(facts).verdict).toBe('broken')
})

test('an error in a hook of a file breaks every criterion in it, and no other', () => {
  const tests = [passed(title), passed('C1.0.1 it works', { file: 'specs/c1.spec.ts' })]

  const verdicts = judgeCriteria(list, run(tests, { tainted: new Map([['specs/b1.spec.ts', 'boom']]) }))

  expect(verdicts.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([
    ['B1.1.1', 'broken', 'error outside of tests: boom'],
    ['B1.1.2', 'missing', NO_SPEC],
    ['C1.0.1', 'proven', ''],
  ])
})

test('an error that belongs to no file breaks all of them', () => {
  expect(first(run([passed(title)], { unhandled: ['boom'] }))).toEqual({
    verdict: 'broken',
    reason: 'error outside of tests: boom',
  })
})

test('a file that cannot be loaded breaks the criteria it was to prove', () => {
  expect(first(run([], { unloaded: new Map([['B1.1.1', 'specs/b1.spec.ts']]) }))).toEqual({
    verdict: 'broken',
    reason: 'its file could not be loaded: specs/b1.spec.ts',
  })
})

test('durations of the tests add up', () => {
  const [one] = judgeCriteria(
    list,
    run([passed(title, { durationMs: 1.4 }), passed(title, { durationMs: 2.2 })]),
  )

  expect(one?.durationMs).toBe(4)
})

test.for([
  'B1.1.9 no such number',
  'B1.1.1: a colon',
  'B1.1 too short',
  'b1.1.1 small',
  'Z1.0.1 no such epic',
  ' B1.1.9',
])('the title "%s" is a stranger', (stranger) => {
  expect(titlesWithUnknownNumber(list, [passed(stranger)])).toEqual([stranger])
})

test.for([
  'B1.1.1 known',
  'each test has a database of its own',
  'v8 64-bit machines',
  'S3 keeps every version',
])('the title "%s" is no stranger', (known) => {
  expect(titlesWithUnknownNumber(list, [passed(known)])).toEqual([])
})

test('a title without a number is a premise', () => {
  expect([isNumbered('B1.1.1 a claim'), isNumbered('each test has a database of its own')]).toEqual([
    true,
    false,
  ])
})
