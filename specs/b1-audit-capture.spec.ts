import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { auditRecords, changesIn, idsIn, idsRecorded, recordsAddedBy } from './vocabulary/audit-log.ts'
import { columnsOf } from './vocabulary/audit-seals.ts'
import { auditedTables } from './vocabulary/coverage.ts'
import { publishDocument } from './vocabulary/documents.ts'
import { fillDatabase } from './vocabulary/seeds.ts'
import { SESSION_DEPENDENCE, sessionDependence } from './vocabulary/session-dependence.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.3 Captured changes', () => {
  test('B1.3.2 an insert of a user leaves one record with its id', async ({ db }) => {
    const id = await insertUser(db)

    const details = { new: { registered_on: expect.anything() } }
    expect(await auditRecords(db)).toMatchObject([
      { action: 'insert', entity: 'auth.users', entity_id: id, details },
    ])
  })

  test.for([
    [
      'an insert of a session',
      `insert into auth.sessions (user_id, token_hash, expires_at)
       select id, sha256('another'), now() + interval '1 hour' from auth.users`,
      ['insert auth.sessions'],
    ],
    [
      'an insert of an acceptance',
      `insert into auth.legal_acceptance (user_id, document_id)
       select u.id, d.id from auth.users u, reference.legal_documents d where d.version = '2'`,
      ['insert auth.legal_acceptance'],
    ],
    ['an update of a user', `update auth.users set password_hash = 'y'`, ['update auth.users']],
    ['an update of a session', 'update auth.sessions set ended_at = now()', ['update auth.sessions']],
    ['a delete of a session', 'delete from auth.sessions', ['delete auth.sessions']],
    ['a delete of an acceptance', 'delete from auth.legal_acceptance', ['delete auth.legal_acceptance']],
    [
      'a delete of a user, which cascades,',
      'delete from auth.users',
      ['delete auth.legal_acceptance', 'delete auth.sessions', 'delete auth.users'],
    ],
    ['a truncate of sessions', 'truncate auth.sessions', ['truncate auth.sessions']],
    ['a truncate of acceptances', 'truncate auth.legal_acceptance', ['truncate auth.legal_acceptance']],
    [
      'a truncate of users, which cascades,',
      'truncate auth.users cascade',
      ['truncate auth.legal_acceptance', 'truncate auth.sessions', 'truncate auth.users'],
    ],
    [
      'an upsert',
      `insert into auth.users (email, password_hash, date_of_birth)
       values ('ada@example.org', 'y', '1990-01-01'), ('grace@example.org', 'y', '1990-01-01')
       on conflict (lower(email)) do update set password_hash = excluded.password_hash`,
      ['insert auth.users', 'update auth.users'],
    ],
    [
      'a merge',
      `merge into auth.users u
       using (values ('ada@example.org'), ('grace@example.org')) v (email) on u.email = v.email
       when matched then delete
       when not matched then insert (email, password_hash, date_of_birth) values (v.email, 'x', '1990-01-01')`,
      ['delete auth.legal_acceptance', 'delete auth.sessions', 'delete auth.users', 'insert auth.users'],
    ],
    [
      'replica mode, which skips triggers,',
      `set session_replication_role = replica; update auth.users set password_hash = 'y'; delete from auth.users`,
      ['delete auth.users', 'update auth.users'],
    ],
    ['an update that changes no column', 'update auth.users set email = email', ['update auth.users']],
    [
      'two updates of a row in one transaction',
      `begin; update auth.users set password_hash = 'y'; update auth.users set password_hash = 'z'; commit`,
      ['update auth.users', 'update auth.users'],
    ],
    ['an update that changes no row', `update auth.users set password_hash = 'y' where false`, []],
    ['a rolled back transaction', 'begin; delete from auth.users; rollback', []],
  ] as const)('B1.3.2 %s leaves one record for each change', async ([, statements, changes], { db }) => {
    await createAccount(db)
    await publishDocument(db, { version: '2' })

    const records = recordsAddedBy(db, statements)

    await expect(records).toBeAccepted()
    expect(changesIn(await records).sort()).toEqual(changes)
  })

  test('B1.3.2 the records of every audited table hold the ids of its rows', async ({ db }) => {
    await fillDatabase(db)
    const tables = await auditedTables(db)
    const ids = await idsIn(db, tables)

    expect(tables).toEqual(['auth.legal_acceptance', 'auth.sessions', 'auth.users'])
    expect(await idsRecorded(db, tables, 'insert')).toEqual(ids)
    await db.query('delete from auth.users')
    expect(await idsRecorded(db, tables, 'delete')).toEqual(ids)
  })

  test('B1.3.2 a delete of a user leaves one record with its id', async ({ db }) => {
    const id = await insertUser(db)

    const records = await recordsAddedBy(db, 'delete from auth.users')

    expect(records).toMatchObject([{ action: 'delete', entity: 'auth.users', entity_id: id }])
  })

  test('B1.3.2 an update names the columns that changed, and no other', async ({ db }) => {
    await insertUser(db)

    const [record] = await recordsAddedBy(
      db,
      `update auth.users set email = 'grace@example.org', date_of_birth = '1990-01-01', password_hash = password_hash`,
    )

    expect(record?.details).toEqual({ changed: ['date_of_birth', 'email'], old: {}, new: {} })
  })

  test('B1.3.2 an update records old and new values of the columns that may be copied', async ({ db }) => {
    await createAccount(db)

    const [record] = await recordsAddedBy(db, `update auth.sessions set ended_at = '2999-01-01 00:00:00+00'`)

    expect(record?.details).toEqual({
      changed: ['ended_at'],
      old: { ended_at: null },
      new: { ended_at: '2999-01-01T00:00:00+00:00' },
    })
  })

  test.for(['auth.users', 'auth.sessions'])(
    'B1.3.2 an update of each column of %s leaves a record',
    async (table, { db }) => {
      await createAccount(db)
      const columns = (await columnsOf(db, table)).map(({ name }) => name)

      const records = await recordsAddedBy(
        db,
        columns.map((column) => `update ${table} set ${column} = ${column}`).join('; '),
      )

      expect(columns).toContain('id')
      expect(changesIn(records)).toEqual(columns.map(() => `update ${table}`))
    },
  )

  test('B1.3.2 an update of an id is recorded under the old id', async ({ db }) => {
    const id = await insertUser(db)

    const [record] = await recordsAddedBy(db, 'update auth.users set id = gen_random_uuid()')

    expect(record).toMatchObject({ entity_id: id, details: { changed: ['id'], old: { id } } })
  })

  test('B1.3.2 a delete records old values of the columns that may be copied', async ({ db }) => {
    const { user, document } = await createAccount(db)

    const [record] = await recordsAddedBy(db, 'delete from auth.legal_acceptance')

    expect(record?.details.old).toMatchObject({ user_id: user, document_id: document })
    expect(record?.details.new).toBeUndefined()
  })

  test.for([
    [
      'insert',
      `insert into auth.users (email, password_hash, date_of_birth)
       select n || '@example.org', 'x', '1990-01-01' from generate_series(1, 1500) n`,
      1500,
    ],
    ['update', `update auth.users set password_hash = 'y'`, 1500],
    ['delete', 'delete from auth.users', 1500],
  ] as const)(
    'B1.3.2 a bulk %s leaves one record for each row, all in one transaction',
    async ([action, statement, rows], { db }) => {
      await db.query(`insert into auth.users (email, password_hash, date_of_birth)
        select n || '@example.com', 'x', '1990-01-01' from generate_series(1, 1500) n`)

      const records = await recordsAddedBy(db, statement)

      expect(records.map((record) => record.action)).toEqual(Array(rows).fill(action))
      expect(new Set(records.map(({ entity_id }) => entity_id)).size).toBe(rows)
      expect(new Set(records.map(({ transaction_id }) => transaction_id)).size).toBe(1)
    },
  )

  test('B1.3.2 a subscription, whose rows would leave no record, is refused', async ({ db }) => {
    // Rolled back where it is not refused: a database with a subscription cannot be dropped.
    const subscribe = db.query(
      `begin; create subscription elsewhere connection 'host=elsewhere' publication users with (connect = false)`,
    )

    await expect(subscribe).toBreakRule('no_rows_arrive_unaudited')
  })

  test('B1.3.2 the capture asks its session for actor, login and request, and for nothing else', async ({
    db,
  }) => {
    expect(await sessionDependence(db, 'audit')).toEqual(SESSION_DEPENDENCE.audit)
  })

  test('B1.3.2 rows of two tables with the same id have a record each', async ({ db }) => {
    const { user } = await createAccount(db)

    await db.query(`insert into auth.sessions (id, user_id, token_hash, expires_at)
      select id, id, sha256('shared'), now() + interval '1 hour' from auth.users`)

    const records = (await auditRecords(db)).filter(({ entity_id }) => entity_id === user)
    expect(changesIn(records)).toEqual(['insert auth.users', 'insert auth.sessions'])
  })
})
