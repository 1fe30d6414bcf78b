import { expect, test } from 'vitest'
import { batchesOf } from './batches.ts'
import { clusterSql, faults, sql } from './fault.ts'
import { titlesOf } from './fault-runner.ts'
import { isAsked } from './select-faults.ts'

test('a fault is called by its criterion and by what it breaks', () => {
  const [fault] = faults({ 'B1.1.1': { 'the age rule is gone!': sql`select 1` } })

  expect(fault?.id).toBe('B1.1.1/the-age-rule-is-gone')
})

test('two faults of a criterion that break the same are refused', () => {
  const injection = sql`select 1`
  const twice = { 'the rule is gone': injection, 'the rule is gone!': injection }

  expect(() => faults({ 'B1.1.1': twice })).toThrow('B1.1.1/the-rule-is-gone is listed twice')
})

test('a backslash in a planted statement stays one', () => {
  expect(sql`select '\d' || ${'x'}`).toEqual({ kind: 'sql', statements: String.raw`select '\d' || x` })
})

test.for([
  ['B1', true],
  ['B1.1', true],
  ['B1.1.1', true],
  ['B1.1.10', false],
  ['B', false],
  ['B2', false],
] as const)('B1.1.1 is asked for by %s: %s', ([word, asked]) => {
  expect(isAsked('B1.1.1', word)).toBe(asked)
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

test('a round holds one fault of each criterion, and what reaches beyond a database alone', () => {
  const injection = sql`select 1`
  const wide = clusterSql('create role a', 'drop role a')
  const all = faults({
    'B1.1.1': { a: injection, b: injection },
    'B1.1.2': { c: wide, d: injection },
  })

  const rounds = batchesOf(all).map((round) => round.map(({ description }) => description))

  expect(rounds).toEqual([['a', 'd'], ['b'], ['c']])
})
