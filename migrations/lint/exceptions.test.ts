import { expect, test } from 'vitest'
import { readExceptions, withoutExceptions } from './exceptions.ts'
import type { Violation } from './violation.ts'

const violation = (file: string, rule = 'CP01'): Violation => {
  return { tool: 'sqlfluff', rule, file, line: 1, message: '' }
}
const exception = {
  tool: 'sqlfluff',
  rule: 'CP01',
  files: 'migrations/*.down.sql',
  reason: 'any reason',
  permanent: false,
}

test('an exception covers its tool, its rule and its files', () => {
  const covered = violation('migrations/0001_a.down.sql')
  const others = [violation('migrations/0001_a.up.sql'), violation('migrations/0001_a.down.sql', 'CP02')]

  expect(withoutExceptions([covered, ...others], [exception], { allFiles: true })).toEqual(others)
})

test('an exception that covers no violation is reported', () => {
  expect(withoutExceptions([], [exception], { allFiles: true })).toMatchObject([
    { tool: 'exceptions', rule: 'unused', file: 'migrations/lint/exceptions.yaml' },
  ])
})

test('a permanent exception may cover no violation', () => {
  expect(withoutExceptions([], [{ ...exception, permanent: true }], { allFiles: true })).toEqual([])
})

test('unused exceptions are not reported when only some files are checked', () => {
  expect(withoutExceptions([], [exception], { allFiles: false })).toEqual([])
})

test('every exception of the project has its reason', () => {
  expect(readExceptions().map(({ reason }) => reason)).not.toContain('')
})
