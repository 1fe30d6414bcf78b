import { test as base, describe, expect } from '../harness/index.ts'
import { copyOut, createHijackingSchema, leafOfThisMonth } from './vocabulary/attacks.ts'
import {
  identifiedApp,
  noRows,
  ownerSession,
  poolOfOne,
  readEverything,
  relationsWith,
  rowsOf,
  twoMembers,
  visibleRows,
} from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')

describe('C1.2 Row security against other roles', () => {
  test.for([
    'hma_owner',
    'hma_auth_definer',
    'hma_audit_writer',
    'hma_analytics_definer',
    'hma_migrator',
    'hma_backup',
    'postgres',
  ])('C1.2.1 the application cannot become %s', async (role, { db }) => {
    const app = await db.as('hma_app')

    await expect(app.query(`set role ${role}`)).toBeDenied()
    await expect(app.query(`set session authorization ${role}`)).toBeDenied()
  })

  test('C1.2.1 switching row security off is refused and shows nothing', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await identifiedApp(db, ada)
    await app.query('set row_security = off')

    const attempt = app.query('select id from auth.users')

    await expect(attempt).toBeDenied()
  })

  test('C1.2.1 the owner of the tables sees no rows', async ({ db }) => {
    await twoMembers(db)

    const owner = await ownerSession(db)

    expect(await visibleRows(owner)).toEqual(noRows)
  })

  test('C1.2.1 the owner of the tables changes and deletes nothing', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const owner = await ownerSession(db)

    const attempt = owner.query(`update auth.users set email = 'x@example.org'; delete from auth.users`)

    await expect(attempt).toBeAccepted()
    expect(await visibleRows(db)).toEqual(rowsOf(ada, grace))
  })

  test('C1.2.1 the owner of the tables sees no rows even with an identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const owner = await ownerSession(db, 'hma_auth_definer')
    await owner.query('begin')
    await owner.query('select auth.identify($1)', [ada.token])

    await owner.query('set local role hma_owner')

    expect(await visibleRows(owner)).toEqual(noRows)
  })

  test.for([
    'delete from auth.users',
    `update auth.users set email = 'x@example.org'`,
    'select * from auth.legal_acceptance',
    'select date_of_birth from auth.users',
    'delete from auth.sessions',
  ])('C1.2.1 the role that opens sessions cannot %s', async (text, { db }) => {
    const definer = await ownerSession(db, 'hma_auth_definer')

    await expect(definer.query(text)).toBeDenied()
  })

  test('C1.2.1 the backup sees every row', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await using backup = poolOfOne(db, 'hma_backup')

    const seen = await backup.plain(visibleRows)

    expect(seen).toEqual(rowsOf(ada, grace))
  })

  test('C1.2.1 a prepared statement follows the role that runs it', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const session = await ownerSession(db)
    await session.query(
      'set plan_cache_mode = force_generic_plan; prepare everybody as select id::text from auth.users order by 1',
    )

    const asOwner = await session.query('execute everybody')
    const asDefiner = await session.query('set role hma_auth_definer; execute everybody')
    const asOwnerAgain = await session.query('set role hma_owner; execute everybody')

    expect([asOwner, asOwnerAgain]).toEqual([[], []])
    expect(asDefiner).toEqual([ada.id, grace.id].sort().map((id) => ({ id })))
  })
})

describe('C1.2 Row security against other ways to the rows', () => {
  test('C1.2.1 COPY TO gives own rows only', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const copied = await copyOut(db, ada, 'copy auth.users (id, email) to stdout')

    expect(copied).toEqual([`${ada.id}\t${ada.email}`])
  })

  test('C1.2.1 COPY of a query gives own rows only', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const copied = await copyOut(db, ada, 'copy (select user_id from auth.sessions) to stdout')

    expect(copied).toEqual([ada.id])
  })

  test('C1.2.1 COPY FROM is refused', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const attempt = app.query('copy auth.legal_acceptance (user_id, document_id) from stdin')

    await expect(attempt).toFailWith('0A000')
  })

  test.for(['auth.users', 'auth.sessions', 'auth.legal_acceptance'])(
    'C1.2.1 TRUNCATE of %s is denied',
    async (table, { db }) => {
      const { ada } = await twoMembers(db)
      const app = await identifiedApp(db, ada)

      await expect(app.query(`truncate ${table} cascade`)).toBeDenied()
    },
  )

  test('C1.2.1 a view of the owner shows no rows', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const owner = await ownerSession(db)
    await owner.query(
      'create view auth.everybody as select id from auth.users; grant select on auth.everybody to hma_app',
    )

    const app = await identifiedApp(db, ada)

    expect(await app.query('select id from auth.everybody')).toEqual([])
  })

  test('C1.2.1 a view that reads as its caller shows own rows only', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await db.query(`create view auth.everybody with (security_invoker) as select id from auth.users;
                    grant select on auth.everybody to hma_app`)

    const app = await identifiedApp(db, ada)

    expect(await app.query('select id from auth.everybody')).toEqual([{ id: ada.id }])
  })

  test('C1.2.1 nothing that the application can read shows anything of another user', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const shown = await readEverything(app)

    expect(relationsWith(shown, ada.id)).toContain('auth.users')
    for (const secret of [grace.id, grace.session]) expect(relationsWith(shown, secret)).toEqual([])
  })

  test('C1.2.1 neither the audit log nor a leaf of it can be read', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const leaf = await leafOfThisMonth(db)

    const app = await identifiedApp(db, ada)

    await expect((await db.as('hma_app')).query(`select from ${leaf}`)).toBeDenied()
    await expect(app.query('select from audit.audit_log')).toBeDenied()
  })
})

describe('C1.2 Row security against a hijacked search path', () => {
  test.for([
    ['function', 'create function auth.f() returns int language sql return 1'],
    ['function in public', 'create function public.f() returns int language sql return 1'],
    ['temporary function', 'create function pg_temp.f() returns int language sql return 1'],
    ['operator', 'create operator auth.= (leftarg = uuid, rightarg = uuid, function = uuid_ne)'],
    ['table', 'create table public.t ()'],
    ['temporary table', 'create temporary table users (id uuid)'],
    ['temporary view', 'create temporary view users as select 1'],
    ['schema', 'create schema mine'],
    ['view', 'create view auth.v as select id from auth.users'],
    ['rule', `create rule "_RETURN" as on select to auth.users do instead select 1`],
    [
      'trigger',
      'create trigger t after insert on auth.legal_acceptance execute function pg_catalog.suppress_redundant_updates_trigger()',
    ],
    ['policy', 'create policy p on auth.users using (true)'],
    ['statistics', 'create statistics auth.s on id, email from auth.users'],
  ])('C1.2.1 the application cannot create a %s', async ([, text = ''], { db }) => {
    const app = await db.as('hma_app')

    await expect(app.query(text)).toBeDenied()
  })

  test('C1.2.1 policies use the operators of Postgres, whatever the search path', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await createHijackingSchema(db)
    const app = await identifiedApp(db, ada)

    await app.query('set search_path = evil, pg_catalog')

    expect(await visibleRows(app)).toEqual(rowsOf(ada))
  })

  test('C1.2.1 the identity lookup uses the operators of Postgres, whatever the search path', async ({
    db,
  }) => {
    const { ada } = await twoMembers(db)
    await createHijackingSchema(db)
    const app = await identifiedApp(db, ada)
    await app.query('set search_path = evil, pg_catalog')
    const before = await app.value('select auth.current_user_id()')

    // Every other session matches the operator of that schema; the one that identifies this transaction has ended.
    await db.query('update auth.sessions set ended_at = clock_timestamp() where user_id = $1', [ada.id])

    expect([before, await app.value('select auth.current_user_id()')]).toEqual([ada.id, null])
  })

  test('C1.2.1 signing out ends one session, whatever the search path', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await createHijackingSchema(db)
    const app = await db.as('hma_app')

    await app.query('set search_path = evil, pg_catalog')
    await app.query('select auth.end_session($1)', [ada.token])

    expect(await db.query('select user_id from auth.sessions where ended_at is null')).toEqual([
      { user_id: grace.id },
    ])
  })
})
