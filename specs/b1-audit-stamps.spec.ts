import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { publishDocument } from './vocabulary/documents.ts'
import { insertUser } from './vocabulary/users.ts'

const FORGED = `'2099-01-01', '2099-01-01'`
const TABLES = ['auth.users', 'auth.sessions', 'auth.legal_acceptance'] as const

/** Inserts into each table a row that says by itself when it was written. */
const forgery = {
  'auth.users': `insert into auth.users (created_at, updated_at, email, password_hash, date_of_birth)
    values (${FORGED}, 'grace@example.org', 'x', '1990-01-01')`,
  'auth.sessions': `insert into auth.sessions (created_at, updated_at, user_id, token_hash, expires_at)
    select ${FORGED}, id, sha256('forged'), now() + interval '1 hour' from auth.users`,
  'auth.legal_acceptance': `insert into auth.legal_acceptance (created_at, updated_at, user_id, document_id)
    select ${FORGED}, u.id, d.id from auth.users u, reference.legal_documents d`,
}

describe('B1.3 Times are the server’s', () => {
  test.for(TABLES)('B1.3.1 an insert cannot forge the times of %s', async (table, { db }) => {
    await insertUser(db)
    await publishDocument(db)
    const before = await db.value<string>('select clock_timestamp()')

    await db.query(forgery[table])

    const between = `between $1 and clock_timestamp()`
    expect(
      await db.query(
        `select created_at ${between} as created, updated_at ${between} as updated from ${table}
        order by created_at desc limit 1`,
        [before],
      ),
    ).toEqual([{ created: true, updated: true }])
  })

  test.for([
    ['auth.users', `email = 'grace@example.org'`],
    ['auth.sessions', 'ended_at = clock_timestamp()'],
  ] as const)(
    'B1.3.1 an update moves updated_at of %s, and leaves created_at',
    async ([table, change], { db }) => {
      await createAccount(db)
      const before = await db.query<{ created_at: string; updated_at: string }>(
        `select created_at, updated_at from ${table}`,
      )

      await db.query(`update ${table} set ${change}`)

      const [was] = before
      expect(
        await db.query(`select created_at = $1 as kept, updated_at > $2 as moved from ${table}`, [
          was?.created_at,
          was?.updated_at,
        ]),
      ).toEqual([{ kept: true, moved: true }])
    },
  )

  test.for(['auth.users', 'auth.sessions'])(
    'B1.3.1 an update cannot forge the times of %s',
    async (table, { db }) => {
      await createAccount(db)
      const [was] = await db.query<{ created_at: string; updated_at: string }>(
        `select created_at, updated_at from ${table}`,
      )

      await db.query(`update ${table} set created_at = '2001-01-01', updated_at = '2001-01-01'`)

      expect(
        await db.query(`select created_at = $1 as kept, updated_at > $2 as moved from ${table}`, [
          was?.created_at,
          was?.updated_at,
        ]),
      ).toEqual([{ kept: true, moved: true }])
    },
  )

  test('B1.3.1 an update cannot put updated_at into the future', async ({ db }) => {
    await createAccount(db)

    await db.query(`update auth.users set updated_at = '2999-01-01'`)

    expect(await db.value('select updated_at <= clock_timestamp() from auth.users')).toBe(true)
  })

  test('B1.3.1 updated_at moves although nothing else changes', async ({ db }) => {
    await insertUser(db)
    const before = await db.value('select updated_at from auth.users')

    await db.query('update auth.users set email = email')

    expect(await db.value('select updated_at > $1 from auth.users', [before])).toBe(true)
  })

  test('B1.3.1 updated_at moves with each update of one transaction', async ({ db }) => {
    await insertUser(db)
    await db.query('begin; update auth.users set email = email')
    const first = await db.value('select updated_at from auth.users')

    await db.query('update auth.users set email = email; commit')

    expect(await db.value('select updated_at > $1 from auth.users', [first])).toBe(true)
  })

  test('B1.3.1 updated_at moves in every row of an update, and in no other', async ({ db }) => {
    await insertUser(db)
    await insertUser(db, { email: 'grace@example.org' })
    await insertUser(db, { email: 'eve@example.org' })
    const before = await db.value('select clock_timestamp()')

    await db.query(`update auth.users set password_hash = 'y' where email <> 'eve@example.org'`)

    expect(
      await db.query('select email from auth.users where updated_at > $1 order by email', [before]),
    ).toEqual([{ email: 'ada@example.org' }, { email: 'grace@example.org' }])
  })

  test('B1.3.1 an upsert can forge neither side', async ({ db }) => {
    await insertUser(db)
    const was = await db.value('select updated_at from auth.users')

    await db.query(`insert into auth.users (email, password_hash, date_of_birth, updated_at) values ('ada@example.org', 'x', '1990-01-01', '2001-01-01')
      on conflict (lower(email)) do update set updated_at = excluded.updated_at`)

    expect(await db.value('select updated_at > $1 from auth.users', [was])).toBe(true)
  })

  test('B1.3.1 the application cannot set the times of its own rows', async ({ db }) => {
    await insertUser(db)
    const app = await db.as('hma_app')

    const attempt = app.query(`update auth.users set updated_at = '2001-01-01'`)

    await expect(attempt).toBeDenied()
  })
})
