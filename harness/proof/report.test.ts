import { expect, test } from 'vitest'
import { NO_SPEC } from './criterion-verdict.ts'
import { reportLines, totalLine } from './report.ts'
import { criterion, list } from './sample-data.ts'

const withoutSpec = (id: string) => criterion(id, 'missing', NO_SPEC)

test('an epic with a spec has a table, and the others are one line', () => {
  const lines = reportLines(
    list,
    [criterion('B1.1.1', 'proven'), withoutSpec('B1.1.2'), withoutSpec('C1.0.1')],
    new Set(['B1.1.1']),
  )

  expect(lines).toEqual([
    '',
    'B1 People',
    '  ✓ B1.1.1  proven  seen red  One is true.',
    '  · without spec: B1.1.2',
    'No spec yet: C1 Roles',
    '',
    '1 of 3 proven, 1 of them seen red, 0 broken, 2 without spec, 0 left out of this run',
  ])
})

test('a broken criterion shows the reason instead of its sentence', () => {
  const lines = reportLines(
    list,
    [criterion('B1.1.1', 'broken', 'failed: B1.1.1 it holds'), withoutSpec('B1.1.2'), withoutSpec('C1.0.1')],
    new Set(),
  )

  expect(lines[2]).toBe('  ✗ B1.1.1  broken            failed: B1.1.1 it holds')
})

test('criteria that this run left out and criteria without a spec are listed and counted separately', () => {
  const leftOut = (id: string) => criterion(id, 'missing', 'left out of this run: a title')

  const lines = reportLines(
    list,
    [criterion('B1.1.1', 'proven'), leftOut('B1.1.2'), leftOut('C1.0.1')],
    new Set(),
  )

  expect(lines.slice(3, 5)).toEqual(['  · left out of this run: B1.1.2', 'Left out of this run: C1 Roles'])
  expect(lines.at(-1)).toBe(
    '1 of 3 proven, 0 of them seen red, 0 broken, 0 without spec, 2 left out of this run',
  )
})

test('only a proven criterion counts as seen red', () => {
  expect(totalLine([criterion('B1.1.1', 'broken'), criterion('B1.1.2', 'proven')], new Set(['B1.1.1']))).toBe(
    '1 of 2 proven, 0 of them seen red, 1 broken, 0 without spec, 0 left out of this run',
  )
})

test('a long sentence is shortened', () => {
  const long = criterion('B1.1.1', 'broken', 'x'.repeat(200))

  expect(reportLines(list, [long], new Set())[2]).toHaveLength(120)
})
