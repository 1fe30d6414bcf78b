import { expect, test } from 'vitest'
import {
  isNumbered,
  judgeCriteria,
  NO_SPEC,
  type RunResults,
  titlesWithUnknownNumber,
} from './criterion-verdict.ts'
import { list, passed, results } from './sample-data.ts'

const first = (run: RunResults) => {
  const [{ verdict, reason } = { verdict: undefined, reason: undefined }] = judgeCriteria(list, run)
  return { verdict, reason }
}
const title = 'B1.1.1 it holds'

test('a criterion whose tests all passed is proven', () => {
  expect(first(results([passed(title), passed('B1.1.1 it holds on the other side')]))).toEqual({
    verdict: 'proven',
    reason: '',
  })
})

test('a criterion without a test is missing', () => {
  expect(first(results([passed('B1.1.2 another'), passed('B1.1.10 a longer number')]))).toEqual({
    verdict: 'missing',
    reason: NO_SPEC,
  })
})

test.for([
  ['failed', { state: 'failed' }, `failed: ${title}`],
  ['was skipped', { state: 'skipped' }, `did not run: ${title}`],
  ['never ended', { state: 'pending' }, `did not run: ${title}`],
  ['is marked to fail', { fails: true }, `is expected to fail: ${title}`],
  ['needed a second attempt', { retries: 1 }, `needed 2 attempts: ${title}`],
] as const)('a test that %s breaks its criterion, whatever the others say', ([, changes, reason]) => {
  expect(first(results([passed('B1.1.1 the other side'), passed(title, changes)]))).toEqual({
    verdict: 'broken',
    reason,
  })
})

test('a criterion with a test that a filter left out is missing', () => {
  const run = results([passed('B1.1.1 the other side'), passed(title, { state: 'skipped', filtered: true })])

  expect(first(run)).toEqual({ verdict: 'missing', reason: `left out of this run: ${title}` })
})

test('a test in a file that did not run keeps its criterion from being proven', () => {
  expect(first(results([passed(title)], { inFilesLeftOut: new Set(['B1.1.1']) })).verdict).toBe('missing')
})

test('a criterion with a failed test is broken, even if another of its tests was left out', () => {
  const run = results([passed(title, { state: 'failed' })], { inFilesLeftOut: new Set(['B1.1.1']) })

  expect(first(run).verdict).toBe('broken')
})

test('an error in a hook of a file breaks every criterion in it, and no other', () => {
  const tests = [passed(title), passed('C1.0.1 it works', { file: 'specs/c1.spec.ts' })]

  const verdicts = judgeCriteria(
    list,
    results(tests, { fileErrors: new Map([['specs/b1.spec.ts', 'boom']]) }),
  )

  expect(verdicts.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([
    ['B1.1.1', 'broken', 'error outside of tests: boom'],
    ['B1.1.2', 'missing', NO_SPEC],
    ['C1.0.1', 'proven', ''],
  ])
})

test('an error that belongs to no file breaks all of them', () => {
  expect(first(results([passed(title)], { unhandled: ['boom'] }))).toEqual({
    verdict: 'broken',
    reason: 'error outside of tests: boom',
  })
})

test('a file that cannot be loaded breaks the criteria whose tests it has', () => {
  expect(first(results([], { unloaded: new Map([['B1.1.1', 'specs/b1.spec.ts']]) }))).toEqual({
    verdict: 'broken',
    reason: 'its file could not be loaded: specs/b1.spec.ts',
  })
})

test('durations of the tests add up', () => {
  const [one] = judgeCriteria(
    list,
    results([passed(title, { durationMs: 1.4 }), passed(title, { durationMs: 2.2 })]),
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
])('the title "%s" has an unknown number', (title) => {
  expect(titlesWithUnknownNumber(list, [passed(title)])).toEqual([title])
})

test.for([
  'B1.1.1 known',
  'each test has a database of its own',
  'v8 64-bit machines',
  'S3 keeps every version',
])('the title "%s" has no unknown number', (title) => {
  expect(titlesWithUnknownNumber(list, [passed(title)])).toEqual([])
})

test('a title that starts with something like a number is numbered', () => {
  expect([isNumbered('B1.1.1 a claim'), isNumbered('each test has a database of its own')]).toEqual([
    true,
    false,
  ])
})
