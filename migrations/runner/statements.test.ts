import { expect, test } from 'vitest'
import { controlsTransaction, splitStatements, statementsOf } from './statements.ts'

/** One string for Postgres, although the second part begins with a quote after a backslash. */
const PARTS = "select e'a' -- note\n -- and '\n '\\'; b' \n'c'"

test.for([
  ['plain statements', 'select 1; select 2', ['select 1', 'select 2']],
  ['a last statement without semicolon', 'select 1', ['select 1']],
  ['comments in a comment', '/* off: /* note */ begin; commit; */ select 1', ['select 1']],
  ['two ends of one comment', '/* a /* b */ c */ select 1; /**/ select 2', ['select 1', 'select 2']],
  [
    'a tag with any letter',
    'do $größe$ begin; $$; end $größe$; select 1',
    ['do $größe$ begin; $$; end $größe$', 'select 1'],
  ],
  ['a dollar in a name', 'select a$b$; select c$b$', ['select a$b$', 'select c$b$']],
  ['a name with any letter', 'select größe; select 1', ['select größe', 'select 1']],
  [
    'a backslash at the end of a string',
    String.raw`select 'a\'; select 1`,
    [String.raw`select 'a\'`, 'select 1'],
  ],
  ['an escape string of three parts', `${PARTS}; select 2`, [PARTS, 'select 2']],
  [
    'two strings on one line, which are no parts of one',
    String.raw`select e'a' '\'; select 2`,
    [String.raw`select e'a' '\'`, 'select 2'],
  ],
  ['a comment that a carriage return ends', '-- note\rselect 1; select 2', ['select 1', 'select 2']],
  [
    'a tag in another letter case',
    'select $A$ $a$; $A$; select $a$ $A$; $a$',
    ['select $A$ $a$; $A$', 'select $a$ $A$; $a$'],
  ],
  ['letters that Postgres does not change', 'SELECT ÄB; select 1', ['select Äb', 'select 1']],
  [
    'the statements of a rule',
    'create rule r as on insert to t do (delete from a; delete from b); select 1',
    ['create rule r as on insert to t do ( delete from a ; delete from b )', 'select 1'],
  ],
  [
    'a string after a word that ends with e',
    String.raw`select type'a\'; select 1`,
    [String.raw`select type 'a\'`, 'select 1'],
  ],
  [
    'a string with Unicode escapes',
    `select u&'\\0041;'; select u&"a;b"`,
    [`select u&'\\0041;'`, `select u&"a;b"`],
  ],
  ['only comments', '-- note; more\n/* select 1; */', []],
  ['a semicolon in quoted text', `select 'a;''b'; select "c;d"`, [`select 'a;''b'`, `select "c;d"`]],
  [
    'an escaped quote',
    String.raw`select e'it\'s; one'; select 2`,
    [String.raw`select e'it\'s; one'`, 'select 2'],
  ],
  ['a body in dollar quotes', 'do $$ begin; end; $$; select 1', ['do $$ begin; end; $$', 'select 1']],
  ['a body in named quotes', 'do $a$ select $$;$$; $a$;', ['do $a$ select $$;$$; $a$']],
  [
    'columns called atomic, case and end',
    'select begin atomic from t; create function f() returns int begin atomic select 1 as case, 2 end; end; select 3',
    [
      'select begin atomic from t',
      'create function f ( ) returns int begin atomic select 1 as case , 2 end ; end',
      'select 3',
    ],
  ],
  [
    'a body of the SQL standard',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
    [
      'create function f ( ) returns int begin atomic select case when true then 1 end ; select 2 ; end',
      'select 3',
    ],
  ],
] as const)('%s: the statements are split', ([, sql, statements]) => {
  expect(statementsOf(sql)).toEqual(statements)
})

test('a statement has the line on which it begins', () => {
  const lines = splitStatements('-- note\n\nselect 1; select\n  2; /* a\nb */ commit').map(({ line }) => line)

  expect(lines).toEqual([3, 3, 5])
})

test.for([
  'begin',
  'BEGIN isolation level serializable',
  'commit',
  'end',
  'abort',
  'rollback',
  'start transaction',
  `prepare transaction 'x'`,
  'select 1; commit',
  'create function f() begin atomic select 1; end; commit',
])('%s begins or ends a transaction', (sql) => {
  expect(statementsOf(sql).some(controlsTransaction)).toBe(true)
})

test.for([
  'savepoint a; rollback to a; release a',
  'ROLLBACK TO SAVEPOINT a',
  'rollback work to a',
  '/* /* */ commit; */ select 1',
  'do $$ begin commit; end $$',
  'create function f() returns int begin atomic select 1; end',
  `comment on table t is 'x;
commit;'`,
  'create table commits (begin_at date)',
  'prepare plan as select 1',
])('%s does not begin or end a transaction', (sql) => {
  expect(statementsOf(sql).some(controlsTransaction)).toBe(false)
})
