import { expect, test } from 'vitest'
import { baselineOf } from './baseline.ts'
import type { RunRecord, Subject } from './run-record.ts'
import { candidate, judged, list } from './sample-data.ts'

const NOW: Subject = { commit: 'c', tree: 't', clean: true }
const [first = '', ...others] = list.criteria.map(({ id }) => id)

test('a full green run of this commit is a baseline, for the criteria that are asked for', () => {
  expect(baselineOf(candidate(), NOW, [first])).toEqual(new Map([[first, [`${first}.spec.ts`]]]))
})

test.for<[string, Partial<RunRecord>]>([
  ['did not end', { state: 'INCOMPLETE' }],
  ['left something out', { scope: 'scoped' }],
  ['has a failure', { counts: { passed: 3, failed: 1, notRun: 0 } }],
  ['has a test that did not run', { counts: { passed: 3, failed: 0, notRun: 1 } }],
  ['has a broken criterion', { judged: [judged(first, 'broken', 'failed')] }],
  ['meets an objection', { objections: [{ against: 'contract', why: 'a stranger' }] }],
  ['was of another commit', { subject: { ...NOW, commit: 'd' } }],
  ['was of a tree with changes', { subject: { ...NOW, clean: false } }],
  ['was of no commit', { subject: { ...NOW, commit: '' } }],
])('a run that %s is none', ([, but]) => {
  expect(baselineOf(candidate(but), NOW, [first])).toBeUndefined()
})

test('a tree that changed since has none', () => {
  expect(baselineOf(candidate(), { ...NOW, clean: false }, others)).toBeUndefined()
})
