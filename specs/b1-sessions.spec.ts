import { describe, expect, test } from '../harness/index.ts'
import { callEachWith } from './vocabulary/outsiders.ts'
import { errorText } from './vocabulary/registration.ts'
import {
  beginWithToken,
  endSession,
  hashOf,
  insertSession,
  startSession,
  timeZoneWithClockChangeSoon,
} from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const TOKEN = 'sesame-open-1001'
/** Its beginning, as text and as hexadecimal digits. */
const TOKEN_BYTES = /sesame|736573616d65/i
const UNKNOWN_ID = '00000000-0000-4000-8000-00000000dead'

describe('B1.1 Sessions', () => {
  test('B1.1.7 a session of a user that does not exist is rejected', async ({ db }) => {
    await expect(insertSession(db, UNKNOWN_ID)).toBreakRule('sessions_belong_to_a_user')
  })

  test('B1.1.7 a session without a user is rejected', async ({ db }) => {
    const insert = db.query(
      `insert into auth.sessions (token_hash, expires_at) values (sha256('a token'), now() + interval '1 hour')`,
    )

    await expect(insert).toFailWith('23502')
  })

  test.for([
    `user_id = (select id from auth.users where email = 'eve@example.org')`,
    `token_hash = sha256('another token')`,
    `started_at = started_at - interval '1 microsecond'`,
    `id = gen_random_uuid()`,
  ])('B1.1.7 a session cannot be updated: %s', async (change, { db }) => {
    await insertUser(db, { email: 'eve@example.org' })
    await insertSession(db, await insertUser(db))

    const update = () => db.query(`update auth.sessions set ${change}`)

    await expect(update()).toBreakRule('sessions_stay_what_they_are')
    await db.query('set session_replication_role = replica')
    await expect(update()).toBreakRule('sessions_stay_what_they_are')
  })

  test('B1.1.7 a token opens one session, for any user', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    const app = await db.as('hma_app')
    await startSession(app, ada, 'a token')

    await expect(startSession(app, ada, 'a token')).toBreakRule('tokens_open_one_session')
    await expect(startSession(app, eve, 'a token')).toBreakRule('tokens_open_one_session')
  })

  test('B1.1.7 a token opens no second session, even when the first has ended', async ({ db }) => {
    const app = await db.as('hma_app')
    const user = await insertUser(db)
    await startSession(app, user)
    await endSession(app)

    await expect(startSession(app, user)).toBreakRule('tokens_open_one_session')
  })

  test.for([0, 16, 20, 31, 33, 64])('B1.1.7 a token hash of %i bytes is rejected', async (length, { db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')

    const start = app.query('select auth.start_session($1, $2)', [user, Buffer.alloc(length, 7)])

    await expect(start).toBreakRule('sessions_store_a_hash')
  })

  test('B1.1.7 a session stores the hash of its token, and the token nowhere', async ({ db }) => {
    const app = await db.as('hma_app')
    await startSession(app, await insertUser(db), TOKEN)
    const [row] = await db.query<{ token_hash: Buffer }>('select * from auth.sessions')

    expect(row?.token_hash).toEqual(hashOf(TOKEN))
    expect(await db.value('select s::text from auth.sessions s')).not.toMatch(TOKEN_BYTES)
  })

  test.for([
    ['in place of its hash', (user: string) => [user, TOKEN, '1 hour'], 'sessions_store_a_hash'],
    ['in place of the user', (user: string) => [TOKEN, user, '1 hour'], 'sessions_belong_to_a_user'],
    ['in place of the lifetime', (user: string) => [user, 'x', TOKEN], 'sessions_have_a_lifetime'],
  ] as const)(
    'B1.1.7 a token %s is refused, and neither client nor log shows it',
    async ([, valuesOf, rule], { db, serverLog }) => {
      const values = valuesOf(await insertUser(db))
      const app = await db.as('hma_app')

      const start = app.query('select auth.start_session($1, $2, $3)', values)

      await expect(start).toBreakRule(rule)
      expect(await errorText(start)).not.toMatch(TOKEN_BYTES)
      expect(await serverLog()).not.toMatch(TOKEN_BYTES)
    },
  )

  test('B1.1.7 no function for outsiders shows client or log a token in the wrong place', async ({
    db,
    serverLog,
  }) => {
    const errors = await callEachWith(db, await db.as('hma_app'), TOKEN)

    expect(errors).toHaveLength(5)
    expect(errors.join()).not.toMatch(TOKEN_BYTES)
    expect(await serverLog()).not.toMatch(TOKEN_BYTES)
  })

  test('B1.1.7 the hash of a token that is used already is not shown', async ({ db, serverLog }) => {
    const app = await db.as('hma_app')
    const user = await insertUser(db)
    await startSession(app, user)

    const error = await errorText(startSession(app, user))

    const hash = hashOf('a token').toString('hex')
    expect(error).toContain('tokens_open_one_session')
    expect(`${error} ${await serverLog()}`).not.toContain(hash)
  })

  test('B1.1.7 a session without a user or a lifetime cannot be started', async ({ db }) => {
    const app = await db.as('hma_app')
    const user = await insertUser(db)

    const started = (values: unknown[]) => app.query('select auth.start_session($1, $2, $3)', values)

    await expect(started([null, hashOf('a'), '1 hour'])).toFailWith('23502')
    await expect(started([user, null, '1 hour'])).toFailWith('23502')
    await expect(started([user, hashOf('a'), null])).toFailWith('23502')
  })

  test.for([
    ['started_at', 'sessions_expire_after_they_start'],
    [`started_at - interval '1 microsecond'`, 'sessions_expire_after_they_start'],
    [`'-infinity'`, 'sessions_expire_after_they_start'],
    [`started_at + interval '720 hours 1 microsecond'`, 'sessions_last_30_days_at_most'],
    [`'infinity'`, 'sessions_last_30_days_at_most'],
  ] as const)('B1.1.7 expiry at %s breaks %s', async ([expiresAt, rule], { db }) => {
    const insert = insertSession(db, await insertUser(db), { expiresAt })

    await expect(insert).toBreakRule(rule)
  })

  test('B1.1.7 a session may expire a microsecond after its start', async ({ db }) => {
    const expiresAt = `started_at + interval '1 microsecond'`

    await expect(insertSession(db, await insertUser(db), { expiresAt })).toBeAccepted()
  })

  test.for(['2025-10-20 00:00-04', '2025-03-01 00:00-05'])(
    'B1.1.7 30 days from %s are 720 hours, although the clocks change',
    async (moment, { db }) => {
      const client = await db.connect({ timeZone: 'America/New_York' })
      const startedAt = `timestamptz '${moment}'`
      const user = await insertUser(db)
      const insert = (token: string, hours: number) =>
        insertSession(client, user, { token, startedAt, expiresAt: `started_at + interval '${hours} hours'` })

      await expect(insert('a token', 720)).toBeAccepted()
      await expect(insert('another token', 721)).toBreakRule('sessions_last_30_days_at_most')
    },
  )

  test('B1.1.7 a lifetime of 30 days is 720 hours in every time zone', async ({ db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app', { timeZone: await timeZoneWithClockChangeSoon(db) })

    await expect(startSession(app, user, 'a token', '30 days')).toBeAccepted()
    expect(await db.value('select (expires_at - started_at)::text from auth.sessions')).toBe('30 days')
  })

  test.for([
    ['30 days 1 microsecond', 'sessions_last_30_days_at_most'],
    ['0', 'sessions_expire_after_they_start'],
    ['-1 microsecond', 'sessions_expire_after_they_start'],
  ] as const)('B1.1.7 a lifetime of %s breaks %s', async ([lifetime, rule], { db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')

    await expect(startSession(app, user, 'a token', lifetime)).toBreakRule(rule)
  })

  test('B1.1.7 deleting a user deletes the sessions of that user only', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    await insertSession(db, ada, { token: 'first of ada' })
    await insertSession(db, ada, { token: 'second of ada' })
    await insertSession(db, eve, { token: 'first of eve' })

    await expect(db.query('delete from auth.users where id = $1', [ada])).toBeAccepted()
    expect(await db.query('select user_id from auth.sessions')).toEqual([{ user_id: eve }])
  })

  test('B1.1.7 the token of a deleted user gives no identity', async ({ db }) => {
    const app = await db.as('hma_app')
    await startSession(app, await insertUser(db))

    await db.query('delete from auth.users')

    expect(await beginWithToken(app)).toBeNull()
  })

  test.for(['null', `ended_at + interval '1 hour'`, 'clock_timestamp()'])(
    'B1.1.7 the end of an ended session cannot be set to %s',
    async (moment, { db }) => {
      const app = await db.as('hma_app')
      await startSession(app, await insertUser(db))
      await endSession(app)

      const update = `update auth.sessions set ended_at = ${moment}`

      await expect(app.query(update)).toBreakRule('sessions_end_once')
      await db.query('set session_replication_role = replica')
      await expect(db.query(update)).toBreakRule('sessions_end_once')
    },
  )

  test('B1.1.7 a session cannot end before its start', async ({ db }) => {
    await insertSession(db, await insertUser(db))

    const update = db.query(`update auth.sessions set ended_at = started_at - interval '1 microsecond'`)

    await expect(update).toBreakRule('sessions_end_after_they_start')
  })
})
