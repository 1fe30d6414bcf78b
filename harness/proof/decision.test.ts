import { expect, test } from 'vitest'
import { ACCEPT_EXIT, decide, type Evidence } from './decision.ts'
import { criterion, list, runRecord } from './sample-data.ts'

const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  run: runRecord(),
  seenRed: new Set(list.criteria.map(({ id }) => id)),
  leftovers: [],
  clean: true,
  isPullRequest: false,
  specsExit: 0,
  proveExit: 0,
  soFar: false,
  ...changes,
})
const broken = runRecord({ criteria: [criterion('B1.1.1', 'broken', 'failed')] })
const missing = runRecord({ criteria: [criterion('B1.1.1', 'proven'), criterion('B1.1.2', 'missing')] })
const objectedTo = (against: 'contract' | 'environment') =>
  runRecord({ objections: [{ against, why: 'this' }] })

test('a full run on a clean tree, everything proven and seen red, is accepted', () => {
  expect(decide(evidence())).toEqual({ verdict: 'ACCEPTED', exitCode: 0, reasons: [] })
})

test.for([
  ['a broken criterion', { run: broken }, ACCEPT_EXIT.failed],
  [
    'a broken criterion, whatever else',
    { run: broken, leftovers: ['x'], specsExit: 1, proveExit: 3 },
    ACCEPT_EXIT.failed,
  ],
  ['a title with an unknown number', { run: objectedTo('contract'), specsExit: 2 }, ACCEPT_EXIT.contract],
  ['a criterion without a spec', { run: missing }, ACCEPT_EXIT.contract],
  ['a criterion never seen red', { seenRed: new Set(['B1.1.1']) }, ACCEPT_EXIT.contract],
  ['a fault that was not caught', { proveExit: 1 }, ACCEPT_EXIT.contract],
  ['a criterion without a fault', { proveExit: 2 }, ACCEPT_EXIT.contract],
  [
    'a failed test without a number',
    { run: objectedTo('environment'), specsExit: 1 },
    ACCEPT_EXIT.environment,
  ],
  ['a container left behind', { leftovers: ['container x'] }, ACCEPT_EXIT.environment],
  ['a Vitest that failed after its tests', { specsExit: 1 }, ACCEPT_EXIT.environment],
  ['a stack that broke under the specs', { run: broken, specsExit: 3 }, ACCEPT_EXIT.environment],
  ['a stack that broke while faults were injected', { proveExit: 3 }, ACCEPT_EXIT.environment],
  ['specs that ran out of time', { run: broken, specsExit: 124 }, ACCEPT_EXIT.outOfTime],
  ['faults that ran out of time', { proveExit: 137 }, ACCEPT_EXIT.outOfTime],
] as const)('%s is a reason to reject', ([, changes, exitCode]) => {
  const decision = decide(evidence(changes))

  expect(decision).toMatchObject({ verdict: 'REJECTED', exitCode })
  expect(decision.reasons).not.toEqual([])
})

test.for([
  ['a filter', { run: runRecord({ scope: 'scoped' }) }],
  [
    'a tree that was not clean before',
    { run: runRecord({ subject: { commit: 'c', tree: 't', clean: false } }) },
  ],
  ['a tree that is not clean now', { clean: false }],
  ['a pull request', { isPullRequest: true }],
] as const)('%s is a reason for SCOPED', ([, changes]) => {
  const { reasons, ...decision } = decide(evidence(changes))

  expect(decision).toEqual({ verdict: 'SCOPED', exitCode: ACCEPT_EXIT.scoped })
  expect(reasons).toHaveLength(1)
})

test('with --so-far criteria without a spec give exit code 0 and SCOPED, never ACCEPTED', () => {
  expect(decide(evidence({ run: missing, soFar: true }))).toMatchObject({
    verdict: 'SCOPED',
    exitCode: 0,
  })
})

test.for([
  ['a broken criterion', { run: broken }, ACCEPT_EXIT.failed],
  ['a criterion never seen red', { run: missing, seenRed: new Set<string>() }, ACCEPT_EXIT.contract],
  ['a filter', { run: runRecord({ scope: 'scoped' }) }, ACCEPT_EXIT.scoped],
] as const)('--so-far does not excuse %s', ([, changes, exitCode]) => {
  expect(decide(evidence({ ...changes, soFar: true })).exitCode).toBe(exitCode)
})
