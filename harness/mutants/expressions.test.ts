import { expect, test } from 'vitest'
import { changesOf } from './expressions.ts'

const textsOf = (text: string, operator?: string) =>
  changesOf(text)
    .filter((change) => operator === undefined || change.operator === operator)
    .map((change) => change.text)

test('each comparison, and each bound by one', () => {
  expect(textsOf('(length(a) <= 254)')).toEqual([
    '(length(a) < 254)',
    '(length(a) > 254)',
    '(length(a) <= 255)',
    '(length(a) <= 253)',
  ])
})

test('an interval is a number too', () => {
  expect(textsOf(`a - '18 years'::interval`)).toEqual([
    `a - '19 years'::interval`,
    `a - '17 years'::interval`,
  ])
})

test('one operand is left out on either side, and AND becomes OR', () => {
  expect(textsOf('((a) AND (b))')).toEqual(['((a) or (b))', '( (b))', '((a) )'])
})

test('the AND of BETWEEN stays', () => {
  expect(textsOf('a between b and c', 'condition')).toEqual([])
  expect(textsOf('a between b and c and d', 'condition')).toEqual(['a between b and c or d'])
})

test('IS NOT NULL, IS DISTINCT FROM and NOT are turned round', () => {
  expect(textsOf('a IS NOT NULL', 'null')).toEqual(['a IS  NULL'])
  expect(textsOf('a IS DISTINCT FROM b', 'null')).toEqual(['a is not DISTINCT FROM b'])
  expect(textsOf('NOT (a)')).toEqual([' (a)'])
})

test('old and new are exchanged only as rows', () => {
  expect(textsOf('old.a = new.a', 'row')).toEqual(['new.a = new.a', 'old.a = old.a'])
  expect(textsOf('return new', 'row')).toEqual([])
})

test('what stands in quotes and comments is no code', () => {
  expect(textsOf(`'a = b and c' -- d = e`)).toEqual([])
})
