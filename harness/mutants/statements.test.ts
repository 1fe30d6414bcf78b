import { expect, test } from 'vitest'
import { bodyChanges } from './statements.ts'

const BODY = `
declare
    head text := 'start';
begin
    if head = 'a' then
        perform f(case when b then c else d end);
    else
        raise exception using errcode = 'check_violation', message = format('%s of 7', head), hint = 'give 0 to 120.';
    end if;
    return new;
end
`
const of = (operator: string) => bodyChanges(BODY).filter((change) => change.operator === operator)

test('each statement is left out, whole', () => {
  expect(of('statement').map(({ text }) => text)).toEqual([
    BODY.replace('perform f(case when b then c else d end)', 'null'),
    BODY.replace(/raise exception[^;]*/, 'null'),
    BODY.replace('return new', 'null'),
  ])
})

test('each condition is negated and decided', () => {
  expect(of('branch').map(({ text }) => text)).toEqual([
    BODY.replace(` head = 'a' `, ` not ( head = 'a' ) `),
    BODY.replace(` head = 'a' `, ' true '),
    BODY.replace(` head = 'a' `, ' false '),
  ])
})

test('a text that only people read stays, and an SQLSTATE does not', () => {
  expect(of('literal').map(({ description }) => description)).toEqual([
    `line 3: 'start' → 'other'`,
    `line 5: 'a' → 'other'`,
    `line 8: 'check_violation' → 'other'`,
  ])
  expect(of('number')).toEqual([])
})
