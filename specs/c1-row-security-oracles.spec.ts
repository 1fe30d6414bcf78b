import { test as base, describe, expect } from '../harness/index.ts'
import { leakproofFunctions, queryWithSpy } from './vocabulary/attacks.ts'
import { actAs, identifiedApp, publish, rowsOf, twoMembers, visibleRows } from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')

describe('C1.2 Row security against side channels', () => {
  test('C1.2.1 a function in a condition does not see hidden rows', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const read = queryWithSpy(db, ada, 'select id from auth.users where spy(email)')

    await expect(read).resolves.toEqual([{ id: ada.id }])
  })

  test('C1.2.1 a function in the condition of a change does not see hidden rows', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const change = queryWithSpy(
      db,
      ada,
      `update auth.users set password_hash = 'y' where spy(email) returning id`,
    )

    await expect(change).resolves.toEqual([{ id: ada.id }])
  })

  test('C1.2.1 a function in a join does not see hidden rows', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const read = queryWithSpy(
      db,
      ada,
      'select u.id from auth.sessions s join auth.users u on spy(u.email) and s.user_id = u.id',
    )

    await expect(read).resolves.toEqual([{ id: ada.id }])
  })

  test('C1.2.1 no function is marked leakproof that is not so in a new database', async ({ db, emptyDb }) => {
    expect(await leakproofFunctions(db)).toEqual(await leakproofFunctions(emptyDb))
  })

  test.for([
    [
      'an error that depends on a row',
      'select 1 / (case when id = $1 then 0 else 1 end) from auth.users where id = $1',
    ],
    [
      'an error in a condition',
      'select id from auth.users where id = $1 and 1 / (case when id = $1 then 0 else 1 end) = 1',
    ],
    ['a cast that fails', 'select id from auth.users where id = $1 and email::int = 1'],
    ['a subquery', 'select 1 where exists (select from auth.users where id = $1)'],
    ['a join', 'select s.id from auth.users u join auth.sessions s on s.user_id = u.id where u.id = $1'],
    [
      'a common table',
      'with others as materialized (select * from (select id from auth.users) u) select id from others where id = $1',
    ],
    [
      'a change in a common table',
      `with o as (update auth.users set email = 'x@example.org' where id = $1 returning id) select id from o`,
    ],
    [
      'RETURNING of a change',
      'update auth.sessions set ended_at = clock_timestamp() where user_id = $1 returning id',
    ],
    ['RETURNING of a deletion', 'delete from auth.users where id = $1 returning id'],
    ['a row lock', 'select id from auth.users where id = $1 for update'],
    ['an outer join', 'select u.id from (values ($1::uuid)) v (id) join auth.users u using (id)'],
    ['a sample', 'select id from auth.users tablesample system (100) where id = $1'],
    [
      'MERGE',
      `merge into auth.users u using (values ($1::uuid)) v (id) on u.id = v.id when matched then update set email = 'x@example.org' returning u.id`,
    ],
  ])('C1.2.1 %s reveals nothing about a hidden row', async ([, text = ''], { db }) => {
    const { ada, grace } = await twoMembers(db)

    const answer = actAs(db, ada, text, [grace.id])

    await expect(answer).resolves.toEqual([])
    expect(await visibleRows(db)).toEqual(rowsOf(ada, grace))
  })

  test('C1.2.1 ON CONFLICT does not reveal that another user has accepted', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const document = await publish(db, 'terms')
    const text =
      'insert into auth.legal_acceptance (user_id, document_id) values ($1, $2) on conflict do nothing'

    const attempt = actAs(db, ada, text, [grace.id, document])

    await expect(attempt).toBeDenied()
  })

  test('C1.2.1 a unique constraint does not reveal that another user has accepted', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    const document = await publish(db, 'terms')
    const text = 'insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)'

    const attempt = actAs(db, ada, text, [grace.id, document])

    await expect(attempt).toBeDenied()
  })

  test('C1.2.1 counting and grouping count own rows only', async ({ db }) => {
    const { ada } = await twoMembers(db)

    const figures = await actAs(db, ada, 'select count(*)::int, min(email), max(email) from auth.users')

    expect(figures).toEqual([{ count: 1, min: ada.email, max: ada.email }])
  })

  test('C1.2.1 the statistics of tables with row security are hidden', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await db.query(
      'create statistics auth.together on id, email from auth.users; analyze auth.users, auth.sessions, auth.legal_acceptance',
    )
    const app = await identifiedApp(db, ada)

    const shown = await app.value(`select (select count(*) from pg_stats where schemaname = 'auth')
      + (select count(*) from pg_stats_ext where schemaname = 'auth')`)

    expect(shown).toBe('0')
  })

  test('C1.2.1 the statistics behind them are denied', async ({ db }) => {
    const app = await db.as('hma_app')

    await expect(app.query('select * from pg_statistic')).toBeDenied()
    await expect(app.query('select * from pg_statistic_ext_data')).toBeDenied()
  })

  test('C1.2.1 the hash that would forge an identity cannot be read', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const attempt = app.query('select token_hash from auth.sessions')

    await expect(attempt).toBeDenied()
  })
})
