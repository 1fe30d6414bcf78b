import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkProjectRules } from './project-rules.ts'

const TITLE = '-- 0009 x\n-- needs:  0001\n-- proves: B1.0.1\n'

/** Rules that a file of this text violates, with the lines. */
function violationsIn(sql: string, name = '0009_x.up.sql'): [string, number][] {
  const file = join(mkdtempSync(join(tmpdir(), 'hma-sql-')), name)
  writeFileSync(file, sql)
  return checkProjectRules([file]).map(({ rule, line }) => [rule, line])
}

test.for([
  ['no-age', 'select age(now(), x) from t;'],
  ['no-age', 'create function f() returns void language plpgsql as $$ begin x := age(y); end $$;'],
  ['no-clock-in-a-check', 'alter table t add constraint c check (x < current_date);'],
  ['no-clock-in-a-check', 'create table t (x date, constraint c check (x > (now())::date));'],
  ['no-if-exists', 'drop table if exists t;'],
  ['no-if-exists', 'CREATE INDEX IF NOT EXISTS i ON t (x);'],
  ['no-default-partition', 'create table a.t_rest partition of a.t default;'],
  ['no-grant-to-public', 'grant select on a.t to public;'],
])('%s is violated by %s', ([rule = '', sql]) => {
  expect(violationsIn(`${TITLE}\n${sql}\n`)).toEqual([[rule, 5]])
})

test.for([
  'select extract(year from age(today, x)) from t;',
  'create table t (x date not null default current_date);',
  'create function f() returns void language plpgsql as $$ begin drop table if exists t; end $$;',
  `comment on table t is 'age(x), drop table if exists';`,
  'revoke select on a.t from public;',
  'select 1 where not exists (select 1);',
])('no rule is violated by %s', (sql) => {
  expect(violationsIn(`${TITLE}${sql}\n`)).toEqual([])
})

test.for([
  ['0009_x.up.sql', '-- 0008 x\n-- needs:  0001\n-- proves: B1.0.1\nselect 1;\n'],
  ['0009_x.up.sql', '-- 0009 x\n-- proves: B1.0.1\nselect 1;\n'],
  ['0009_x.up.sql', '-- 0009 x\n-- needs:  0001\nselect 1;\n'],
  ['0009_x.down.sql', 'select 1;\n'],
])('%s has no complete title: %j', ([name = '', sql = '']) => {
  expect(violationsIn(sql, name)).toEqual([['title', 1]])
})

test('a down file needs only its name, and other files need no title', () => {
  expect(violationsIn('-- 0009 x\nselect 1;\n', '0009_x.down.sql')).toEqual([])
  expect(violationsIn('select 1;\n', 'roles.sql')).toEqual([])
})
