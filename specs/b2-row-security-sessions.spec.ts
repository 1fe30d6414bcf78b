import { test as base, describe, expect } from '../harness/index.ts'
import {
  hashOf,
  identifiedApp,
  noRows,
  openSessionOf,
  rowsOf,
  signUp,
  twoMembers,
  visibleRows,
} from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')

describe('B2.1 Sessions without identity', () => {
  test('B2.1.5 an active session gives the identity of its user', async ({ db }) => {
    const ada = await signUp(db, 'ada')
    const app = await db.as('hma_app')

    const whose = app.value('select auth.identify($1)', [ada.token])

    await expect(whose).resolves.toBe(ada.id)
  })

  test('B2.1.5 an expired session gives none', async ({ db }) => {
    const ada = await signUp(db, 'ada')
    await db.query(`insert into auth.sessions (user_id, token_hash, started_at, expires_at)
                    values ('${ada.id}', sha256('old'), now() - interval '2 hours', now() - interval '1 microsecond')`)

    const app = await identifiedApp(db, { token: hashOf('old') })

    await expect(visibleRows(app)).resolves.toEqual(noRows)
  })

  test('B2.1.5 a session that expires in the middle of a transaction gives none from then on', async ({
    db,
  }) => {
    const ada = await signUp(db, 'ada')
    const app = await identifiedApp(db, ada)
    const before = await visibleRows(app)

    await db.query('update auth.sessions set expires_at = clock_timestamp() where user_id = $1', [ada.id])

    expect([before, await visibleRows(app)]).toEqual([rowsOf(ada), noRows])
  })

  test('B2.1.5 an ended session gives none', async ({ db }) => {
    const ada = await signUp(db, 'ada')
    await db.query('select auth.end_session($1)', [ada.token])

    const app = await identifiedApp(db, ada)

    await expect(visibleRows(app)).resolves.toEqual(noRows)
  })

  test('B2.1.5 a session that another connection ends in the middle of a transaction gives none from then on', async ({
    db,
  }) => {
    const ada = await signUp(db, 'ada')
    const app = await identifiedApp(db, ada)
    const before = await visibleRows(app)

    await (await db.as('hma_app')).query('select auth.end_session($1)', [ada.token])

    expect([before, await visibleRows(app)]).toEqual([rowsOf(ada), noRows])
  })

  test('B2.1.5 an ended session cannot become active again', async ({ db }) => {
    const ada = await signUp(db, 'ada')
    await openSessionOf(db, ada.id, 'phone')
    await db.query('select auth.end_session($1)', [hashOf('phone')])
    const app = await identifiedApp(db, ada)

    const revival = app.query('update auth.sessions set ended_at = null where ended_at is not null')

    await expect(revival).toBreakRule('sessions_end_once')
  })

  test('B2.1.5 ending one session does not end the others of its user', async ({ db }) => {
    const ada = await signUp(db, 'ada')
    const phone = await openSessionOf(db, ada.id, 'phone')
    await db.query('select auth.end_session($1)', [phone.token])

    const app = await identifiedApp(db, ada)

    await expect(app.value('select auth.current_user_id()')).resolves.toBe(ada.id)
  })

  test('B2.1.5 a wrong token gives no identity', async ({ db }) => {
    await signUp(db, 'ada')
    const app = await db.as('hma_app')

    const whose = app.value('select auth.identify($1)', [hashOf('Ada')])

    await expect(whose).resolves.toBeNull()
  })

  test.for([
    ['no token', null],
    ['an empty one', ''],
    ['the beginning of one', '\\x0102'],
  ])('B2.1.5 %s gives no identity and raises no error', async ([, token], { db }) => {
    await signUp(db, 'ada')
    const app = await db.as('hma_app')

    const whose = app.value('select auth.identify($1::bytea)', [token])

    await expect(whose).resolves.toBeNull()
  })

  test('B2.1.5 the session of a deleted user gives none', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await db.query('delete from auth.users where id = $1', [ada.id])

    const app = await identifiedApp(db, ada)

    await expect(visibleRows(app)).resolves.toEqual(noRows)
    expect(await visibleRows(db)).toEqual(rowsOf(grace))
  })
})
