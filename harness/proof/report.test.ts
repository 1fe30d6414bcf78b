import { expect, test } from 'vitest'
import { NO_SPEC } from './criterion-verdict.ts'
import { criteriaSeenRed, reportLines, totalLine } from './report.ts'
import { judged, list } from './sample-data.ts'

const unwritten = (id: string) => judged(id, 'missing', NO_SPEC)

test('an epic that was begun has a table, and the others one line', () => {
  const lines = reportLines(
    list,
    [judged('B1.1.1', 'proven'), unwritten('B1.1.2'), unwritten('C1.0.1')],
    new Set(['B1.1.1']),
  )

  expect(lines).toEqual([
    '',
    'B1 People',
    '  ✓ B1.1.1  proven  seen red  One is true.',
    '  · missing: B1.1.2',
    'No spec yet: C1 Roles',
    '',
    '1 of 3 proven, 1 of them seen red, 0 broken, 2 missing',
  ])
})

test('a broken criterion shows the reason in place of its sentence', () => {
  const lines = reportLines(
    list,
    [judged('B1.1.1', 'broken', 'failed: B1.1.1 it holds'), unwritten('B1.1.2'), unwritten('C1.0.1')],
    new Set(),
  )

  expect(lines[2]).toBe('  ✗ B1.1.1  broken            failed: B1.1.1 it holds')
})

test('what a filter left out is told apart from what nobody has written', () => {
  const left = (id: string) => judged(id, 'missing', 'left out of this run: a title')

  const lines = reportLines(list, [judged('B1.1.1', 'proven'), left('B1.1.2'), left('C1.0.1')], new Set())

  expect(lines.slice(3, 5)).toEqual(['  · left out of this run: B1.1.2', 'Left out of this run: C1 Roles'])
})

test('only what is proven counts as seen red', () => {
  expect(totalLine([judged('B1.1.1', 'broken'), judged('B1.1.2', 'proven')], new Set(['B1.1.1']))).toBe(
    '1 of 2 proven, 0 of them seen red, 1 broken, 0 missing',
  )
})

test('a long sentence is cut', () => {
  const long = judged('B1.1.1', 'broken', 'x'.repeat(200))

  expect(reportLines(list, [long], new Set())[2]).toHaveLength(120)
})

test('an entry that stands on other files counts no more', () => {
  const entry = { criterion: 'B1.1.1', description: '', caughtBy: '', files: [], basis: 'old', at: '' }
  const record = { 'B1.1.1/a': entry, 'B1.1.2/b': { ...entry, criterion: 'B1.1.2', basis: 'new' } }

  expect([...criteriaSeenRed(record, ({ basis }) => basis === 'new')]).toEqual(['B1.1.2'])
})
