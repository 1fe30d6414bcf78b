import { expect, test } from 'vitest'
import { decide, type Evidence, EXIT } from './decision.ts'
import { candidate, judged, list } from './sample-data.ts'

const evidence = (but: Partial<Evidence> = {}): Evidence => ({
  run: candidate(),
  seenRed: new Set(list.criteria.map(({ id }) => id)),
  leftovers: [],
  clean: true,
  specsExit: 0,
  proveExit: 0,
  soFar: false,
  ...but,
})
const broken = candidate({ judged: [judged('B1.1.1', 'broken', 'failed')] })
const missing = candidate({ judged: [judged('B1.1.1', 'proven'), judged('B1.1.2', 'missing')] })
const objecting = (against: 'contract' | 'environment') =>
  candidate({ objections: [{ against, why: 'this' }] })

test('a full run on a clean tree, everything proven and seen red, is accepted', () => {
  expect(decide(evidence())).toEqual({ verdict: 'ACCEPTED', exitCode: 0, reasons: [] })
})

test.for([
  ['a broken criterion', { run: broken }, EXIT.failed],
  [
    'a broken criterion, whatever else',
    { run: broken, leftovers: ['x'], specsExit: 1, proveExit: 3 },
    EXIT.failed,
  ],
  ['a title with an unknown number', { run: objecting('contract'), specsExit: 2 }, EXIT.contract],
  ['a criterion without a spec', { run: missing }, EXIT.contract],
  ['a criterion never seen red', { seenRed: new Set(['B1.1.1']) }, EXIT.contract],
  ['a fault that was not caught', { proveExit: 1 }, EXIT.contract],
  ['a criterion without a fault', { proveExit: 2 }, EXIT.contract],
  ['a failed premise', { run: objecting('environment'), specsExit: 1 }, EXIT.environment],
  ['a container left behind', { leftovers: ['container x'] }, EXIT.environment],
  ['a Vitest that failed after its tests', { specsExit: 1 }, EXIT.environment],
  ['a stack that broke under the specs', { run: broken, specsExit: 3 }, EXIT.environment],
  ['a stack that broke while faults were planted', { proveExit: 3 }, EXIT.environment],
  ['specs that ran out of time', { run: broken, specsExit: 124 }, EXIT.outOfTime],
  ['faults that ran out of time', { proveExit: 137 }, EXIT.outOfTime],
] as const)('%s is a reason to reject', ([, but, exitCode]) => {
  const ruling = decide(evidence(but))

  expect(ruling).toMatchObject({ verdict: 'REJECTED', exitCode })
  expect(ruling.reasons).not.toEqual([])
})

test.for([
  ['a filter', { run: candidate({ scope: 'scoped' }) }],
  [
    'a tree that was not clean before',
    { run: candidate({ subject: { commit: 'c', tree: 't', clean: false } }) },
  ],
  ['a tree that is not clean now', { clean: false }],
] as const)('%s leaves the verdict open', ([, but]) => {
  const { reasons, ...ruling } = decide(evidence(but))

  expect(ruling).toEqual({ verdict: 'SCOPED', exitCode: EXIT.scoped })
  expect(reasons).toHaveLength(1)
})

test('criteria without a spec do not fail a run so far, and keep it from being accepted', () => {
  expect(decide(evidence({ run: missing, soFar: true }))).toMatchObject({
    verdict: 'SCOPED',
    exitCode: 0,
  })
})

test.for([
  ['a broken criterion', { run: broken }, EXIT.failed],
  ['a criterion never seen red', { run: missing, seenRed: new Set<string>() }, EXIT.contract],
  ['a filter', { run: candidate({ scope: 'scoped' }) }, EXIT.scoped],
] as const)('so far excuses not even %s', ([, but, exitCode]) => {
  expect(decide(evidence({ ...but, soFar: true })).exitCode).toBe(exitCode)
})
