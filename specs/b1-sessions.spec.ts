import { describe, expect, test } from '../harness/index.ts'
import {
  beginWithToken,
  endSession,
  hashOf,
  insertSession,
  startSession,
  timeZoneWithClockChangeSoon,
} from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const NOBODY = '00000000-0000-4000-8000-00000000dead'

describe('B1.1 Sessions', () => {
  test('B1.1.7 a session belongs to a user who is there', async ({ db }) => {
    await expect(insertSession(db, NOBODY)).toBreakRule('sessions_belong_to_a_user')
  })

  test('B1.1.7 a session without a user is refused', async ({ db }) => {
    const attempt = db.query(
      `insert into auth.sessions (token_hash, expires_at) values ($1, now() + interval '1 hour')`,
      [hashOf('a token')],
    )

    await expect(attempt).toFailWith('23502')
  })

  test.for([
    `user_id = (select id from auth.users where email = 'eve@example.org')`,
    `token_hash = sha256('another token')`,
    `started_at = started_at - interval '1 microsecond'`,
    `id = gen_random_uuid()`,
  ])('B1.1.7 a session stays what it is: no %s', async (change, { db }) => {
    await insertUser(db, { email: 'eve@example.org' })
    await insertSession(db, await insertUser(db))

    await expect(db.query(`update auth.sessions set ${change}`)).toBreakRule('sessions_stay_what_they_are')
  })

  test('B1.1.7 a token opens one session', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    const app = await db.as('hma_app')
    await startSession(app, ada, 'a token')

    await expect(startSession(app, ada, 'a token')).toBreakRule('tokens_open_one_session')
    await expect(startSession(app, eve, 'a token')).toBreakRule('tokens_open_one_session')
  })

  test.for([0, 31, 33, 64])('B1.1.7 %i bytes are no hash of a token', async (length, { db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')

    const attempt = app.query('select auth.start_session($1, $2)', [user, Buffer.alloc(length, 7)])

    await expect(attempt).toBreakRule('sessions_store_a_hash')
  })

  test('B1.1.7 the token is in no column of its session', async ({ db }) => {
    const app = await db.as('hma_app')
    await startSession(app, await insertUser(db), 'sesame-open-1001')
    const [row] = await db.query<{ token_hash: Buffer }>('select * from auth.sessions')

    expect(row?.token_hash).toEqual(hashOf('sesame-open-1001'))
    expect(await db.value('select s::text from auth.sessions s')).not.toMatch(/sesame|736573616d65/)
  })

  test.for(['started_at', `started_at - interval '1 microsecond'`, `'-infinity'`])(
    'B1.1.7 a session cannot expire at %s',
    async (expiresAt, { db }) => {
      const attempt = insertSession(db, await insertUser(db), { expiresAt })

      await expect(attempt).toBreakRule('sessions_expire_after_they_start')
    },
  )

  test('B1.1.7 a session may expire a microsecond after it starts', async ({ db }) => {
    const opening = insertSession(db, await insertUser(db), {
      expiresAt: `started_at + interval '1 microsecond'`,
    })

    await expect(opening).toBeAccepted()
  })

  test.for([`started_at + interval '720 hours 1 microsecond'`, `'infinity'`])(
    'B1.1.7 a session cannot last until %s',
    async (expiresAt, { db }) => {
      await expect(insertSession(db, await insertUser(db), { expiresAt })).toBreakRule(
        'sessions_last_30_days_at_most',
      )
    },
  )

  test.for(['2025-10-20 00:00-04', '2025-03-01 00:00-05'])(
    'B1.1.7 thirty days from %s have 720 hours where the clocks change',
    async (moment, { db }) => {
      const client = await db.connect({ timeZone: 'America/New_York' })
      const plan = { startedAt: `timestamptz '${moment}'`, expiresAt: `started_at + interval '720 hours'` }
      const user = await insertUser(db)

      await expect(insertSession(client, user, plan)).toBeAccepted()
      await expect(
        insertSession(client, user, {
          ...plan,
          token: 'b',
          expiresAt: `${plan.expiresAt} + interval '1 hour'`,
        }),
      ).toBreakRule('sessions_last_30_days_at_most')
    },
  )

  test('B1.1.7 a lifetime of thirty days is exactly what was asked for', async ({ db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app', { timeZone: await timeZoneWithClockChangeSoon(db) })

    await expect(startSession(app, user, 'a token', '30 days')).toBeAccepted()
    expect(await db.value(`select expires_at - started_at = interval '720 hours' from auth.sessions`)).toBe(
      true,
    )
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

  test('B1.1.7 sessions end with their user, and only theirs', async ({ db }) => {
    const [ada, eve] = [await insertUser(db), await insertUser(db, { email: 'eve@example.org' })]
    await insertSession(db, ada, { token: 'of ada' })
    await insertSession(db, ada, { token: 'of ada, too' })
    await insertSession(db, eve, { token: 'of eve' })

    await expect(db.query('delete from auth.users where id = $1', [ada])).toBeAccepted()
    expect(await db.query('select user_id from auth.sessions')).toEqual([{ user_id: eve }])
  })

  test('B1.1.7 the token of a user who is gone identifies nobody', async ({ db }) => {
    const user = await insertUser(db)
    const app = await db.as('hma_app')
    await startSession(app, user)

    await db.query('delete from auth.users')

    expect(await beginWithToken(app)).toBeNull()
  })

  test.for(['null', `ended_at + interval '1 hour'`, 'clock_timestamp()'])(
    'B1.1.7 a session that ended cannot end again at %s',
    async (moment, { db }) => {
      const user = await insertUser(db)
      const app = await db.as('hma_app')
      await startSession(app, user)
      await endSession(app)

      await expect(app.query(`update auth.sessions set ended_at = ${moment}`)).toBreakRule(
        'sessions_end_once',
      )
    },
  )

  test('B1.1.7 a session cannot end before it starts', async ({ db }) => {
    await insertSession(db, await insertUser(db))

    const end = db.query(`update auth.sessions set ended_at = started_at - interval '1 microsecond'`)

    await expect(end).toBreakRule('sessions_end_after_they_start')
  })
})
