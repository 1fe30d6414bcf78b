import { expect, test } from 'vitest'
import { batchesOf } from './batches.ts'
import { clusterSql, faults, sql } from './fault.ts'
import { exactly, titlesOf } from './fault-runner.ts'
import { isUnder } from './select-faults.ts'

test('the id of a fault is its criterion and its description', () => {
  const [fault] = faults({ 'B1.1.1': { 'the age rule is gone!': sql`select 1` } })

  expect(fault?.id).toBe('B1.1.1/the-age-rule-is-gone')
})

test('two faults with the same id are refused', () => {
  const injection = sql`select 1`
  const twice = { 'the rule is gone': injection, 'the rule is gone!': injection }

  expect(() => faults({ 'B1.1.1': twice })).toThrow('B1.1.1/the-rule-is-gone is listed twice')
})

test('a backslash in an injected statement is kept', () => {
  expect(sql`select '\d' || ${'x'}`).toEqual({ kind: 'sql', statements: String.raw`select '\d' || x` })
})

test.for([
  ['B1', true],
  ['B1.1', true],
  ['B1.1.1', true],
  ['B1.1.10', false],
  ['B', false],
  ['B2', false],
] as const)('B1.1.1 is under %s: %s', ([number, expected]) => {
  expect(isUnder('B1.1.1', number)).toBe(expected)
})

test.for([
  ['B1.1.1 a claim', true],
  ['B1.1 Users > B1.1.1 a claim', true],
  ['B1.1 Users > nested > B1.1.1 a claim', true],
  ['B1.1.10 a claim', false],
  ['B1.1 Users > B1.1.2 as B1.1.1 has it', false],
  ['B1x1x1 a claim', false],
] as const)('a run for B1.1.1 takes the test "%s": %s', ([name, taken]) => {
  expect(titlesOf(['B1.1.1', 'C1.0.1']).test(name)).toBe(taken)
})

test.for([
  ['B1.1 Users > B1.1.1 a name (with 3 dots...)', true],
  ['B1.1.1 a name (with 3 dots...)', true],
  ['B1.1 Users > B1.1.1 a name (with 3 dots...) and more', false],
  ['B1.1 Users > B1.1.1 a name (with 3 dotsxyz)', false],
] as const)('a run for that title alone takes the test "%s": %s', ([name, taken]) => {
  expect(exactly(['C1.0.1 other', 'B1.1.1 a name (with 3 dots...)']).test(name)).toBe(taken)
})

test('a batch has one fault of each criterion, and a cluster-wide fault has a batch of its own', () => {
  const injection = sql`select 1`
  const clusterWide = clusterSql('create role a', 'drop role a')
  const all = faults({
    'B1.1.1': { a: injection, b: injection },
    'B1.1.2': { c: clusterWide, d: injection },
  })

  const batches = batchesOf(all).map((batch) => batch.map(({ description }) => description))

  expect(batches).toEqual([['a', 'd'], ['b'], ['c']])
})
