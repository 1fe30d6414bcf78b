import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { publishDocument } from './vocabulary/documents.ts'
import { fillEmptyTables } from './vocabulary/sample-rows.ts'
import { insertUser } from './vocabulary/users.ts'

const FORGED = `'2099-01-01', '2099-01-01'`
const UPSERT = `insert into auth.users (email, password_hash, date_of_birth, updated_at)
  values ('ada@example.org', 'x', '1990-01-01', '2001-01-01')
  on conflict (lower(email)) do update set updated_at = excluded.updated_at`

const FORGED_ROWS = {
  'auth.users': `(created_at, updated_at, email, password_hash, date_of_birth)
    values (${FORGED}, 'grace@example.org', 'x', '1990-01-01')`,
  'auth.sessions': `(created_at, updated_at, user_id, token_hash, expires_at)
    select ${FORGED}, id, sha256('forged'), now() + interval '1 hour' from auth.users`,
  'auth.legal_acceptance': `(created_at, updated_at, user_id, document_id)
    select ${FORGED}, u.id, d.id from auth.users u, reference.legal_documents d`,
  'ml.model': `(created_at, updated_at, name, version, task, artefact_uri, artefact_sha256, artefact_size)
    values (${FORGED}, 'moderation', '2.0.0', 'text-moderation', 's3://models/moderation', sha256('model'), 1)`,
}

describe('B1.3 Timestamps', () => {
  test('B1.3.1 each table with updated_at is tried', async ({ db }) => {
    const tables = await db.column(
      `select a.attrelid::regclass::text from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attname = 'updated_at' and c.relkind in ('r', 'p') and not c.relispartition and c.oid >= 16384 order by 1`,
    )

    expect(tables).toEqual(Object.keys(FORGED_ROWS).sort())
  })

  test.for(Object.entries(FORGED_ROWS))(
    'B1.3.1 an insert cannot set the timestamps of %s',
    async ([table, row], { db }) => {
      await insertUser(db)
      await publishDocument(db)
      const before = await db.value<string>('select clock_timestamp()')

      await db.query(`insert into ${table} ${row}`)

      const isNow = 'between $1 and clock_timestamp()'
      expect(
        await db.query(
          `select created_at ${isNow} as created, updated_at ${isNow} as updated from ${table}
        order by created_at desc limit 1`,
          [before],
        ),
      ).toEqual([{ created: true, updated: true }])
    },
  )

  test.for([
    ['auth.users', `email = 'grace@example.org'`],
    ['auth.users', `created_at = '2001-01-01', updated_at = '2001-01-01'`],
    ['auth.users', `updated_at = '2999-01-01'`],
    ['auth.users', 'email = email'],
    ['auth.sessions', 'ended_at = clock_timestamp()'],
    ['auth.sessions', `created_at = '2001-01-01', updated_at = '2001-01-01'`],
    ['ml.model', `description = 'another'`],
    ['ml.model', `created_at = '2001-01-01', updated_at = '2001-01-01'`],
  ] as const)(
    'B1.3.1 an update of %s moves updated_at to the current time and keeps created_at: %s',
    async ([table, change], { db }) => {
      await createAccount(db)
      await fillEmptyTables(db)
      await db.query(`create temporary table before as select * from ${table}`)

      await db.query(`update ${table} set ${change}`)

      expect(
        await db.query(
          `select t.created_at = b.created_at as kept, t.updated_at > b.updated_at and t.updated_at <= clock_timestamp() as moved
             from ${table} t, before b`,
        ),
      ).toEqual([{ kept: true, moved: true }])
    },
  )

  test('B1.3.1 updated_at moves with each update of one transaction', async ({ db }) => {
    await insertUser(db)
    await db.query('begin; update auth.users set email = email')
    const first = await db.value('select updated_at from auth.users')

    await db.query('update auth.users set email = email; commit')

    expect(await db.value('select updated_at > $1 from auth.users', [first])).toBe(true)
  })

  test('B1.3.1 updated_at moves in each updated row, and in no other', async ({ db }) => {
    await insertUser(db)
    await insertUser(db, { email: 'grace@example.org' })
    await insertUser(db, { email: 'eve@example.org' })
    const before = await db.value('select clock_timestamp()')

    await db.query(`update auth.users set password_hash = 'y' where email <> 'eve@example.org'`)

    expect(
      await db.column('select email from auth.users where updated_at > $1 order by email', [before]),
    ).toEqual(['ada@example.org', 'grace@example.org'])
  })

  test('B1.3.1 an upsert cannot set updated_at', async ({ db }) => {
    await insertUser(db)
    const before = await db.value('select updated_at from auth.users')

    await db.query(UPSERT)

    expect(await db.value('select updated_at > $1 from auth.users', [before])).toBe(true)
  })

  test('B1.3.1 the limit: in replica mode, which only a superuser can choose, both times can be set', async ({
    db,
  }) => {
    await insertUser(db)
    await db.query('set session_replication_role = replica')

    await db.query(`update auth.users set created_at = '2999-01-01 00:00Z', updated_at = '2999-01-02 00:00Z'`)

    expect(await db.column('select (updated_at - created_at)::text from auth.users')).toEqual(['1 day'])
  })

  test('B1.3.1 the application has no privilege to set timestamps', async ({ db }) => {
    await insertUser(db)
    const app = await db.as('hma_app')

    const update = app.query(`update auth.users set updated_at = '2001-01-01'`)

    await expect(update).toBeDenied()
  })
})
