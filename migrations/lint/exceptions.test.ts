import { expect, test } from 'vitest'
import { readExceptions, withoutExceptions } from './exceptions.ts'
import type { Finding } from './finding.ts'

const finding = (file: string, rule = 'CP01'): Finding => ({
  tool: 'sqlfluff',
  rule,
  file,
  line: 1,
  message: '',
})
const exception = {
  tool: 'sqlfluff',
  rule: 'CP01',
  files: 'migrations/*.down.sql',
  reason: 'just so, for once',
}

test('an exception holds for its tool, its rule and its files', () => {
  const excepted = finding('migrations/0001_a.down.sql')
  const others = [finding('migrations/0001_a.up.sql'), finding('migrations/0001_a.down.sql', 'CP02')]

  expect(withoutExceptions([excepted, ...others], [exception], { allFiles: true })).toEqual(others)
})

test('an exception that excepts nothing is an objection', () => {
  expect(withoutExceptions([], [exception], { allFiles: true })).toMatchObject([
    { tool: 'exceptions', rule: 'stale', file: 'migrations/lint/exceptions.yaml' },
  ])
})

test('whether an exception is idle is not asked of a few files', () => {
  expect(withoutExceptions([], [exception], { allFiles: false })).toEqual([])
})

test('every exception of the project has its reason', () => {
  expect(readExceptions().map(({ reason }) => reason)).not.toContain('')
})
