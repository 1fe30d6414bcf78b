import { describe, expect, test } from '../harness/index.ts'
import { addMigration, migrate, resultOf, statusOf } from './vocabulary/migrations.ts'

const TABLES = `create table auth.fruit (id int not null, name text not null, weight int);
  create table auth.trees (id int); create table auth.roots (id int);
  create function auth.grow() returns trigger language plpgsql set search_path = '' as $$ begin return new; end $$;
  create function auth.rest() returns int language sql set search_path = '' as 'select 1';
  create trigger fruit_grows before insert on auth.fruit for each row execute function auth.grow();
  create policy fruit_is_seen on auth.fruit using (true);
  create table auth.visits (at date not null) partition by range (at);
  create table auth.visits_2026_11 partition of auth.visits for values from ('2026-11-01') to ('2026-12-01');`
const NEXT_LEAF = `set role hma_owner;
  create table auth.visits_2026_12 partition of auth.visits for values from ('2026-12-01') to ('2027-01-01')`

/** Changes by hand and how status reports them: kind, identity, difference. */
const MANUAL_CHANGES = [
  ['alter table auth.fruit add sort text', 'table column', 'auth.fruit.sort', 'added'],
  ['alter table auth.fruit alter name drop not null', 'table column', 'auth.fruit.name', 'changed'],
  ['grant select (weight) on auth.fruit to hma_ml', 'table column', 'auth.fruit.weight', 'changed'],
  [
    'alter table auth.users drop constraint users_are_adults',
    'table constraint',
    'users_are_adults on auth.users',
    'removed',
  ],
  [
    'alter default privileges for role hma_owner grant select on tables to public',
    'default acl',
    'for role hma_owner on tables',
    'added',
  ],
  [
    `create or replace function auth.grow() returns trigger language plpgsql set search_path = ''
       as $$ begin return null; end $$`,
    'function',
    'auth.grow()',
    'changed',
  ],
  ['grant execute on function auth.rest() to public', 'function', 'auth.rest()', 'changed'],
  ['drop index auth.users_own_their_email', 'index', 'auth.users_own_their_email', 'removed'],
  ['grant usage on language plpgsql to hma_ml', 'language', 'plpgsql', 'changed'],
  [
    'create operator auth.= (leftarg = text, rightarg = text, function = texteq)',
    'operator',
    'auth.=(pg_catalog.text,pg_catalog.text)',
    'added',
  ],
  ['grant select on auth.visits_2026_11 to hma_app', 'leaves', 'auth.visits', 'changed'],
  ['drop policy fruit_is_seen on auth.fruit', 'policy', 'fruit_is_seen on auth.fruit', 'removed'],
  [
    'grant execute on function pg_reload_conf() to hma_ml',
    'privilege',
    'pg_catalog.pg_reload_conf()',
    'added',
  ],
  ['grant select on auth.fruit to hma_ml', 'table', 'auth.fruit', 'changed'],
  ['alter table auth.roots owner to hma_app', 'table', 'auth.roots', 'changed'],
  ['alter table auth.trees enable row level security', 'table', 'auth.trees', 'changed'],
  ['alter table auth.fruit disable trigger fruit_grows', 'trigger', 'fruit_grows on auth.fruit', 'changed'],
] as const
const STATEMENTS = MANUAL_CHANGES.map(([statement]) => statement).join(';')
const DRIFT = MANUAL_CHANGES.map(([, kind, identity, difference]) => ({ kind, identity, difference }))

/** Scratch databases whose name contains the process id of a session that no longer exists. */
const ABANDONED = `select datname from pg_database where starts_with(datname, 'hma_verify_')
  and split_part(datname, '_', 3) not in (select pid::text from pg_stat_activity)`

describe('B1.0 Drift', () => {
  test('B1.0.8 status names each object that was changed by hand, with the kind of change', async ({
    project,
    db,
  }) => {
    await addMigration(project, '9998_tables', TABLES)
    await migrate(project, db, 'apply', '--accept-drift')

    await db.query(STATEMENTS)

    const status = await migrate(project, db, 'status', '--json')
    expect(status.exitCode).toBe(32 + 16)
    expect(resultOf(status).drift).toEqual(expect.arrayContaining(DRIFT))
    expect(resultOf(status).drift).toHaveLength(DRIFT.length)
  })

  test('B1.0.8 a database that only migrations changed has no drift', async ({ project, emptyDb }) => {
    await addMigration(project, '9998_tables', TABLES)
    await migrate(project, emptyDb, 'apply')

    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(0)
    expect(resultOf(status)).toMatchObject({ drift: [] })
    expect(resultOf(await migrate(project, emptyDb, 'verify', '--json'))).toEqual({ differences: [] })
  })

  test('B1.0.8 the leaf of a new month is no drift', async ({ project, db }) => {
    await addMigration(project, '9998_tables', TABLES)
    await migrate(project, db, 'apply', '--accept-drift')

    await db.query(NEXT_LEAF)

    expect(await statusOf(project, db)).toMatchObject({ drift: [] })
  })

  test('B1.0.8 drift remains drift after a later migration', async ({ project, db }) => {
    await db.query('alter table auth.users add nickname text; drop index auth.users_own_their_email')
    await addMigration(project, '9998_later', 'create table auth.later (id int);', 'drop table auth.later;')

    await migrate(project, db, 'apply')

    expect((await statusOf(project, db)).drift).toEqual([
      { kind: 'index', identity: 'auth.users_own_their_email', difference: 'removed' },
      { kind: 'table column', identity: 'auth.users.nickname', difference: 'added' },
    ])
  })

  test('B1.0.8 drift that is undone is no drift', async ({ project, db }) => {
    await db.query('alter table auth.users add nickname text')
    await migrate(project, db, 'apply')

    await db.query('alter table auth.users drop nickname')

    expect(await statusOf(project, db)).toMatchObject({ drift: [] })
  })

  test('B1.0.8 drift that is accepted is no drift', async ({ project, db }) => {
    await db.query('alter table auth.users add nickname text')

    await migrate(project, db, 'apply', '--accept-drift')

    expect(await statusOf(project, db)).toMatchObject({ drift: [] })
  })

  test('B1.0.8 verify names objects that existed before the first apply', async ({ project, emptyDb }) => {
    await emptyDb.query('create schema shadow')
    await migrate(project, emptyDb, 'apply', '--to', '0')

    const verified = await migrate(project, emptyDb, 'verify', '--json')

    expect(verified.exitCode).toBe(32 + 16)
    expect(resultOf(verified).differences).toEqual([
      { kind: 'schema', identity: 'shadow', difference: 'added' },
    ])
    expect(await emptyDb.query(ABANDONED)).toEqual([])
  })
})
