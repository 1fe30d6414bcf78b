import { expect, test } from 'vitest'
import { divide, linesOf } from './entries.ts'

const OWNERS = new Set(['hma_owner', 'hma_auth_definer'])

/** Each part as its role and the numbers of its entries. */
const partsOf = (...lines: string[]) =>
  divide(linesOf(lines.join('\n')), OWNERS, (line) => line.split(' ').at(-1) ?? '').map(
    ({ role, entries }) => [role ?? 'superuser', ...entries.map((line) => line.split(';')[0])],
  )

test('entries that follow each other and are made by one role are one part, in their order', () => {
  expect(
    partsOf(
      '; Archive created at a time',
      ';     dbname: hma_owner',
      '16; 2615 17533 SCHEMA - auth hma_owner',
      '2; 3079 16405 EXTENSION - postgis ',
      '21; 1247 17896 TYPE ml stage hma_owner',
      '22; 1255 17771 FUNCTION auth register(text, date) hma_auth_definer',
      '23; 1255 17567 FUNCTION guard refuse_ddl() postgres',
      '24; 1259 17802 TABLE auth users hma_owner',
    ),
  ).toEqual([
    ['superuser', '16', '2'],
    ['hma_owner', '21'],
    ['hma_auth_definer', '22'],
    ['superuser', '23'],
    ['hma_owner', '24'],
  ])
})

test('the privileges of a schema are there before what is in it; other privileges and row security come last', () => {
  expect(
    partsOf(
      '1; 0 0 ACL - SCHEMA auth hma_owner',
      '2; 0 0 ACL auth TABLE users hma_owner',
      '3; 3256 1 POLICY auth users users_see_themselves hma_owner',
      '4; 0 1 ROW SECURITY auth users hma_owner',
      '5; 2620 1 TRIGGER auth users a_trigger hma_owner',
      '6; 2606 1 FK CONSTRAINT auth sessions sessions_have_a_user hma_owner',
      '7; 3466 1 EVENT TRIGGER - audit_ddl_is_recorded postgres',
      '8; 0 0 MATERIALIZED VIEW DATA ops words hma_owner',
    ),
  ).toEqual([
    ['superuser', '1'],
    ['hma_owner', '3', '5', '6'],
    ['superuser', '2', '4', '7', '8'],
  ])
})

test('the owner is the last word of a line, whatever the names before it are', () => {
  expect(
    partsOf(
      '1; 1259 1 TABLE auth of postgres hma_owner',
      '2; 1259 1 TABLE SCHEMA EXTENSION hma_owner',
      '3; 1259 1 TABLE guard hma_owner postgres',
      '4; 1259 1 TABLE public made by hand',
    ),
  ).toEqual([
    ['hma_owner', '1', '2'],
    ['superuser', '3', '4'],
  ])
})

test('a kind of entry that is not known is made with the rights of its owner', () => {
  expect(
    partsOf('1; 1 1 TABLE ATTACH audit audit_log_2026_11 hma_owner', '2; 1 1 NOVELTY auth it hma_owner'),
  ).toEqual([['hma_owner', '1', '2']])
})
