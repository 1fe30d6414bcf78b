import { expect, test } from 'vitest'
import { baselineOf } from './baseline.ts'
import type { RunRecord, Subject } from './run-record.ts'
import { criterion, list, runRecord } from './sample-data.ts'

const NOW: Subject = { commit: 'c', tree: 't', clean: true }
const [first = '', ...others] = list.criteria.map(({ id }) => id)

test('a full green run of this commit is a baseline, for the criteria that are selected', () => {
  expect(baselineOf(runRecord(), NOW, [first])).toEqual(new Map([[first, [`${first}.spec.ts`]]]))
})

test.for<[string, Partial<RunRecord>]>([
  ['did not end', { state: 'INCOMPLETE' }],
  ['left something out', { scope: 'scoped' }],
  ['has a failure', { counts: { passed: 3, failed: 1, notRun: 0 } }],
  ['has a test that did not run', { counts: { passed: 3, failed: 0, notRun: 1 } }],
  ['has a broken criterion', { criteria: [criterion(first, 'broken', 'failed')] }],
  ['has an objection', { objections: [{ against: 'contract', why: 'an unknown number' }] }],
  ['was of another commit', { subject: { ...NOW, commit: 'd' } }],
  ['was of a tree with changes', { subject: { ...NOW, clean: false } }],
  ['was of no commit', { subject: { ...NOW, commit: '' } }],
])('a run that %s is no baseline', ([, changes]) => {
  expect(baselineOf(runRecord(changes), NOW, [first])).toBeUndefined()
})

test('a tree that changed since then has no baseline', () => {
  expect(baselineOf(runRecord(), { ...NOW, clean: false }, others)).toBeUndefined()
})
