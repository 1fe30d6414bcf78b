import { test as base, describe, expect } from '../harness/index.ts'
import { countFilteredRows, demonstratedLimits, documentedLimits } from './vocabulary/limits.ts'
import {
  hashOf,
  identifiedApp,
  noRows,
  ownerSession,
  poolOfOne,
  rowsOf,
  twoMembers,
  visibleRows,
} from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')
const unknownUser = '00000000-0000-4000-8000-000000000000'

describe('B2.1 Limits of row security', () => {
  test('B2.1.7 a superuser bypasses every policy', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)

    const seen = await visibleRows(db)

    expect(seen).toEqual(rowsOf(ada, grace))
  })

  test('B2.1.7 a role with BYPASSRLS bypasses every policy', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await using backup = poolOfOne(db, 'hma_backup')

    const seen = await backup.plain(visibleRows)

    expect(seen).toEqual(rowsOf(ada, grace))
  })

  test('B2.1.7 the owner of a table can disable its row security', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const owner = await ownerSession(db)

    await owner.query('begin; alter table auth.users no force row level security')

    expect((await visibleRows(owner)).users).toEqual(rowsOf(ada, grace).users)
  })

  test('B2.1.7 an attacker who controls the application can sign in as any user', async ({ db }) => {
    const { grace } = await twoMembers(db)
    const app = await db.as('hma_app')

    await app.query('select auth.start_session($1, $2)', [grace.id, hashOf('mine')])
    await app.query('begin')
    await app.query('select auth.identify($1)', [hashOf('mine')])

    expect((await visibleRows(app)).users).toEqual([grace.id])
  })

  test('B2.1.7 a security-definer function reads with its owner’s policies, not its caller’s', async ({
    db,
  }) => {
    const { ada, grace } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const found = await app.query('select user_id from auth.find_credentials($1)', [grace.email])

    expect(found).toEqual([{ user_id: grace.id }])
  })

  test('B2.1.7 a view reads as its owner, so a view of a BYPASSRLS role shows every row', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await db.query(
      'create view auth.everybody as select id from auth.users; grant select on auth.everybody to hma_app',
    )

    const app = await identifiedApp(db, ada)

    expect(await app.count('auth.everybody')).toBe(2)
  })

  test('B2.1.7 a unique constraint reveals that a hidden row exists', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const attempt = app.query('update auth.users set email = $1', [grace.email])

    await expect(attempt).toBreakRule('users_own_their_email')
  })

  test('B2.1.7 a foreign key reveals whether a hidden row exists', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await db.query(`create table auth.notes (author uuid constraint notes_have_an_author references auth.users);
                    grant insert on auth.notes to hma_app`)
    const app = await identifiedApp(db, ada)

    const forGrace = app.query('insert into auth.notes values ($1)', [grace.id])
    await expect(forGrace).toBeAccepted()
    const forUnknownUser = app.query('insert into auth.notes values ($1)', [unknownUser])
    await expect(forUnknownUser).toBreakRule('notes_have_an_author')
  })

  test('B2.1.7 the cost of a query, and so its duration, reveals whether a hidden row exists', async ({
    db,
  }) => {
    const { ada, grace } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const forGrace = await countFilteredRows(app, `select from auth.sessions where id = '${grace.session}'`)
    const forUnknownUser = await countFilteredRows(
      app,
      `select from auth.sessions where id = '${unknownUser}'`,
    )

    expect([forGrace, forUnknownUser]).toEqual([1, 0])
  })

  test('B2.1.7 the catalog shows every login roughly how many rows a table has', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await db.query('analyze auth.users')

    const app = await identifiedApp(db, ada)

    expect(await app.value(`select reltuples::int from pg_class where oid = 'auth.users'::regclass`)).toBe(2)
  })

  test('B2.1.7 TRUNCATE ignores policies', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await db.query('grant truncate on auth.legal_acceptance to hma_app')
    const app = await identifiedApp(db, ada)

    const emptied = app.query('truncate auth.legal_acceptance')

    await expect(emptied).toBeAccepted()
    await app.query('commit')
    expect(await db.count('auth.legal_acceptance')).toBe(0)
  })

  test('B2.1.7 a grant on a leaf bypasses the policy of its parent', async ({ db }) => {
    await db.query(`create table auth.letters (body text) partition by list (body);
      create table auth.letters_of_all partition of auth.letters default;
      insert into auth.letters values ('to Grace');
      alter table auth.letters enable row level security, force row level security;
      create policy letters_are_read_by_nobody on auth.letters using (false);
      grant select on auth.letters, auth.letters_of_all to hma_app`)

    const app = await db.as('hma_app')

    expect(await app.count('auth.letters')).toBe(0)
    expect(await app.count('auth.letters_of_all')).toBe(1)
  })

  test('B2.1.7 in REPEATABLE READ a session that was ended meanwhile stays valid until the transaction ends', async ({
    db,
  }) => {
    const { ada } = await twoMembers(db)
    const app = await db.as('hma_app')
    await app.query('begin isolation level repeatable read')
    await app.query('select auth.identify($1)', [ada.token])

    await db.query('select auth.end_session($1)', [ada.token])

    expect(await visibleRows(app)).toEqual(rowsOf(ada))
    await app.query('commit')
    expect(await visibleRows(app)).toEqual(noRows)
  })

  test('B2.1.7 a cursor WITH HOLD shows the next request what the previous one read', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await using pool = poolOfOne(db)
    await pool.request(ada, (connection) =>
      connection.query('declare own cursor with hold for select id from auth.users'),
    )

    const fetched = await pool.request(grace, (connection) => connection.query('fetch all from own'))

    expect(fetched).toEqual([{ id: ada.id }])
  })

  test('B2.1.7 other connections of the same role see the text of a statement', async ({ db }) => {
    const first = await db.as('hma_app')
    const second = await db.as('hma_app')
    const pid = await first.value('select pg_backend_pid()')

    await first.query(`select id from auth.users where email = 'grace@example.org'`)

    const seen = await second.value('select query from pg_stat_activity where pid = $1', [pid])
    expect(seen).toContain('grace@example.org')
  })

  test('B2.1.7 docs/row-security.md names each limit shown here, and no other', async ({ project }) => {
    const shown = await demonstratedLimits(project, 'specs/b2-row-security-limits.spec.ts')

    expect(await documentedLimits(project)).toEqual(shown)
  })
})
