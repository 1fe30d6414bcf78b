import { describe, expect, test } from '../harness/index.ts'
import { addMigration, answerOf, migrate, statusOf } from './vocabulary/migrations.ts'

const POLICY = 'create policy users_see_themselves on auth.users for select using (true);'
const LEAVES = `create table auth.visits (at date not null) partition by range (at);
  create table auth.visits_2026_11 partition of auth.visits for values from ('2026-11-01') to ('2026-12-01');`
const NEXT_LEAF = `set role hma_owner; create table auth.visits_2026_12 partition of auth.visits for values from ('2026-12-01') to ('2027-01-01')`

/** What is done by hand, and how status names it: kind, identity, difference. */
const BY_HAND = [
  ['a column added', 'alter table auth.users add nickname text', 'column', 'auth.users.nickname', 'added'],
  [
    'a column made optional',
    'alter table auth.users alter email drop not null',
    'column',
    'auth.users.email',
    'changed',
  ],
  ['a grant widened', 'grant select on auth.users to hma_ml', 'table', 'auth.users', 'changed'],
  [
    'a column granted',
    'grant select (email) on auth.users to hma_ml',
    'column',
    'auth.users.email',
    'changed',
  ],
  [
    'a function whose body changed',
    `create or replace function auth.keep_registration() returns trigger language plpgsql set search_path = ''
       as $$ begin return new; end $$`,
    'function',
    'auth.keep_registration()',
    'changed',
  ],
  [
    'a function granted',
    'grant execute on function ops.stamp_times() to public',
    'function',
    'ops.stamp_times()',
    'changed',
  ],
  [
    'a trigger disabled',
    'alter table auth.users disable trigger users_are_stamped',
    'trigger',
    'auth.users.users_are_stamped',
    'changed',
  ],
  [
    'a policy dropped',
    'drop policy users_see_themselves on auth.users',
    'policy',
    'auth.users.users_see_themselves',
    'removed',
  ],
  [
    'a rule dropped',
    'alter table auth.users drop constraint users_are_adults',
    'constraint',
    'auth.users.users_are_adults',
    'removed',
  ],
  [
    'an index dropped',
    'drop index auth.users_own_their_email',
    'index',
    'auth.users_own_their_email',
    'removed',
  ],
  [
    'row security switched on',
    'alter table auth.users enable row level security',
    'table',
    'auth.users',
    'changed',
  ],
  ['another owner', 'alter table auth.users owner to hma_app', 'table', 'auth.users', 'changed'],
  [
    'a default privilege widened',
    'alter default privileges for role hma_owner grant select on tables to public',
    'default privilege',
    'hma_owner r',
    'added',
  ],
  [
    'a leaf granted',
    'grant select on auth.visits_2026_11 to hma_app',
    'partition privilege',
    'auth.visits_2026_11',
    'added',
  ],
  [
    'an operator of the name of another',
    'create operator auth.= (leftarg = text, rightarg = text, function = texteq)',
    'operator',
    'auth.=(pg_catalog.text,pg_catalog.text)',
    'added',
  ],
] as const

describe('B1.0.8 Drift', () => {
  test('B1.0.8 a database that only migrations changed has none', async ({ project, emptyDb }) => {
    await addMigration(project, '9997_policy', POLICY)
    await addMigration(project, '9998_leaves', LEAVES)
    await migrate(project, emptyDb, 'apply')

    const status = await migrate(project, emptyDb, 'status', '--json')

    expect(status.exitCode).toBe(0)
    expect(answerOf(status)).toMatchObject({ drift: [] })
    expect(answerOf(await migrate(project, emptyDb, 'verify', '--json'))).toEqual({ differences: [] })
  })

  test.for(BY_HAND)(
    'B1.0.8 status names %s',
    async ([, statement, kind, identity, difference], { project, db }) => {
      await addMigration(project, '9997_policy', POLICY)
      await addMigration(project, '9998_leaves', LEAVES)
      await migrate(project, db, 'apply')

      await db.query(statement)

      const status = await migrate(project, db, 'status', '--json')
      expect(status.exitCode).toBe(32 + 16)
      expect(answerOf(status).drift).toContainEqual({ kind, identity, difference })
    },
  )

  test('B1.0.8 a leaf that time adds is no drift', async ({ project, db }) => {
    await addMigration(project, '9998_leaves', LEAVES)
    await migrate(project, db, 'apply')
    const { drift } = await statusOf(project, db)

    await db.query(NEXT_LEAF)

    expect((await statusOf(project, db)).drift).toEqual(drift)
  })

  test('B1.0.8 a later migration does not pass drift off as its own', async ({ project, db }) => {
    await db.query('alter table auth.users add nickname text; drop index auth.users_own_their_email')
    await addMigration(project, '9998_later', 'create table auth.later (id int);', 'drop table auth.later;')

    await migrate(project, db, 'apply')

    const { drift } = await statusOf(project, db)
    expect(drift).toContainEqual({ kind: 'column', identity: 'auth.users.nickname', difference: 'added' })
    expect(drift).toContainEqual({
      kind: 'index',
      identity: 'auth.users_own_their_email',
      difference: 'removed',
    })
    expect(JSON.stringify(drift)).not.toContain('auth.later')
  })

  test('B1.0.8 drift that is taken back is no drift', async ({ project, db }) => {
    const { drift } = await statusOf(project, db)
    await db.query('alter table auth.users add nickname text')

    await db.query('alter table auth.users drop nickname')

    expect((await statusOf(project, db)).drift).toEqual(drift)
  })

  test('B1.0.8 verify names what was there before the first apply', async ({ project, emptyDb }) => {
    await emptyDb.query('create schema shadow')
    await migrate(project, emptyDb, 'apply')

    const verified = await migrate(project, emptyDb, 'verify', '--json')

    expect(verified.exitCode).toBe(32 + 16)
    expect(answerOf(verified).differences).toEqual([
      { kind: 'schema', identity: 'shadow', difference: 'added' },
    ])
  })

  test('B1.0.8 verify leaves no scratch database behind', async ({ project, db }) => {
    const verified = await migrate(project, db, 'verify', '--json')

    expect(answerOf(verified)).toHaveProperty('differences')
    expect(
      await db.value(`select count(*)::int from pg_database where starts_with(datname, 'hma_verify_')`),
    ).toBe(0)
  })
})
