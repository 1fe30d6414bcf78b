// What the fault runner sees of a change, so that a real break is never called ineffective; and what faults quote of the database.
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../config/root.ts'
import { type Database, describe, expect, test } from '../harness/index.ts'
import { functionQuotes } from '../harness/setup.ts'

const FOLDER = join(ROOT, 'harness/proof')

async function stateOf(db: Database, file: string): Promise<string> {
  await db.query('select pg_stat_force_next_flush()')
  return db.value<string>(await readFile(join(FOLDER, file), 'utf8'))
}

const SET_UP = `create function public.twice(n int) returns int language sql return n * 2;
  create table public.note (id int, line text, constraint lines_are_short check (length(line) < 9)) partition by list (id);
  create table public.leaf partition of public.note default;
  create function public.nothing() returns trigger language plpgsql as 'begin return null; end';
  create trigger noted after insert on public.note for each row execute function public.nothing();
  insert into public.note values (1, 'one'); create sequence public.counter`

describe('The state of a database that a fault is compared with', () => {
  test.for([
    'alter function public.twice(int) strict',
    'alter function public.twice(int) leakproof',
    'alter function public.twice(int) parallel safe',
    'alter function public.twice(int) cost 7',
    'alter table public.note alter column line type text collate "C"',
    'alter table public.leaf set unlogged',
    'alter table public.leaf disable trigger noted',
    'alter table public.leaf enable replica trigger noted',
    'alter table public.note alter column line set storage external',
    'alter table public.leaf enable row level security',
    'alter table public.leaf set (fillfactor = 50)',
    `create collation public.names (provider = icu, locale = 'und')`,
    'create statistics public.both on id, line from public.leaf',
    'select lo_create(4711)',
    'create cast (text as int) with inout',
    'create foreign data wrapper elsewhere',
    'alter function int4eq(int, int) cost 9',
    `select nextval('public.counter')`,
    `update public.note set line = 'two'`,
    `insert into public.note values (2, 'two')`,
  ])('sees: %s', async (statement, { db }) => {
    await db.query(SET_UP)
    const before = await stateOf(db, 'database-state.sql')

    await db.query(`set event_triggers = off; ${statement}`)

    expect(await stateOf(db, 'database-state.sql')).not.toBe(before)
  })

  test.for([
    'alter function public.twice(int) volatile',
    'alter table public.leaf enable trigger noted',
    'create or replace function public.twice(n int) returns int language sql return n * 2',
    'comment on table public.note is null',
    'vacuum analyze public.note',
    'update public.note set line = line where false',
    'begin; drop table public.note; rollback',
  ])('is the same after: %s', async (statement, { db }) => {
    await db.query(SET_UP)
    const before = await stateOf(db, 'database-state.sql')

    await db.query('set event_triggers = off')
    await db.query(statement)

    expect(await stateOf(db, 'database-state.sql')).toBe(before)
  })

  test.for([
    'alter role analytics_reader replication',
    'alter role analytics_reader connection limit 6',
    `alter role analytics_reader valid until '2030-01-01'`,
    `alter role analytics_reader set work_mem = '1MB'`,
    'grant pg_monitor to analytics_reader',
    'grant set on parameter work_mem to analytics_reader',
    'grant connect on database template1 to public',
    `alter role analytics_reader password 'another'`,
  ])('beyond its database it sees: %s', async (statement, { cluster }) => {
    const db = await cluster.database()
    const before = await stateOf(db, 'cluster-state.sql')

    await db.query(statement)

    expect(await stateOf(db, 'cluster-state.sql')).not.toBe(before)
  })
})

// A function with another text breaks its fault: found here in a second, and not only when the fault is injected.
test('every text that a fault quotes from a function of the database stands in it', async ({ db }) => {
  const files = await Promise.all(
    globSync('specs/**/*.faults.ts', { cwd: ROOT }).map((file) => import(join(ROOT, file))),
  )
  const quotes = functionQuotes(files.flatMap((file) => file.default))

  const missing = await db.query(
    `select q.id, q.name, q.find from jsonb_to_recordset($1) q (id text, name text, find text)
      where coalesce(strpos(pg_get_functiondef(coalesce(to_regproc(q.name), to_regprocedure(q.name))), q.find), 0) = 0`,
    [JSON.stringify(quotes)],
  )

  expect(missing).toEqual([])
  expect(quotes.length).toBeGreaterThan(200)
})
