import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { auditRecords, changesIn, insertAuditRow } from './vocabulary/audit-log.ts'
import { dropLeaves, leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { auditedKinds } from './vocabulary/coverage.ts'
import { publishDocument } from './vocabulary/documents.ts'
import { errorOf } from './vocabulary/errors.ts'
import { insertUser } from './vocabulary/users.ts'

/** Not the update of an acceptance, which its own rule refuses first. */
const CHANGES = {
  'INSERT users': `insert into auth.users (email, password_hash, date_of_birth) values ('eve@example.org', 'x', '1990-01-01')`,
  'UPDATE users': `update auth.users set password_hash = 'y'`,
  'DELETE users': 'delete from auth.users',
  'TRUNCATE users': 'truncate auth.users cascade',
  'INSERT sessions': `insert into auth.sessions (user_id, token_hash, expires_at)
     select id, sha256('another'), now() + interval '1 hour' from auth.users`,
  'UPDATE sessions': 'update auth.sessions set ended_at = clock_timestamp()',
  'DELETE sessions': 'delete from auth.sessions',
  'TRUNCATE sessions': 'truncate auth.sessions',
  'INSERT legal_acceptance': `insert into auth.legal_acceptance (user_id, document_id)
     select u.id, d.id from auth.users u, reference.legal_documents d where d.version = '2'`,
  'DELETE legal_acceptance': 'delete from auth.legal_acceptance',
  'TRUNCATE legal_acceptance': 'truncate auth.legal_acceptance',
} as const

const MISSING_MONTH = { code: '55000', rule: 'audit_months_are_prepared' }

describe('B1.2 Audited changes without a leaf for their month', () => {
  test('B1.2.4 an insert without its leaf fails, names the leaf and inserts nothing', async ({ db }) => {
    const leaf = await leafName(db, 0)
    await dropLeaves(db, leaf)

    const error = await errorOf(insertUser(db))

    expect(error).toEqual({ ...MISSING_MONTH, table: leaf })
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for([
    ['an update', `update auth.users set email = 'grace@example.org'`],
    ['a delete', 'delete from auth.users'],
    ['a truncate', 'truncate auth.users cascade'],
  ] as const)('B1.2.4 %s without its leaf fails and changes nothing', async ([, change], { db }) => {
    await insertUser(db)
    await dropLeaves(db, await leafName(db, 0))

    const error = await errorOf(db.query(change))

    expect(error).toMatchObject(MISSING_MONTH)
    expect(await db.value('select email from auth.users')).toBe('ada@example.org')
  })

  test.for(Object.entries(CHANGES))(
    'B1.2.4 no table of auth goes on without its leaf: %s',
    async ([, change], { db }) => {
      await createAccount(db)
      await publishDocument(db, { version: '2' })
      await dropLeaves(db, await leafName(db, 0))

      const error = await errorOf(db.query(change))

      expect(error).toMatchObject(MISSING_MONTH)
    },
  )

  test('B1.2.4 each kind of change of each table of auth is tried', async ({ db }) => {
    const kinds = await auditedKinds(db)

    expect(kinds).toHaveLength(12)
    expect(kinds.filter((kind) => !(kind in CHANGES))).toEqual(['UPDATE legal_acceptance'])
  })

  test('B1.2.4 a detached leaf is a missing leaf', async ({ db }) => {
    const leaf = await leafName(db, 0)
    await db.query(`set session_replication_role = replica;
      alter table audit.audit_log detach partition audit.${leaf}; set session_replication_role = origin`)

    const error = await errorOf(insertUser(db))

    expect(error).toEqual({ ...MISSING_MONTH, table: leaf })
  })

  test('B1.2.4 the earlier statements of the transaction are rolled back, too', async ({ db }) => {
    await db.query('create table public.notes (note text)')
    await dropLeaves(db, await leafName(db, 0))

    const error = await errorOf(
      db.query(`begin; insert into public.notes values ('first'); delete from auth.users; commit`),
    )
    await db.query('rollback')

    expect(error).toMatchObject(MISSING_MONTH)
    expect(await db.count('public.notes')).toBe(0)
  })

  test.for([
    ['an adult', '1990-01-01'],
    ['a minor', '2020-01-01'],
  ] as const)(
    'B1.2.4 the registration of %s without its leaf is an error and not an answer',
    async ([, birthDate], { db }) => {
      const leaf = await leafName(db, 0)
      await dropLeaves(db, leaf)
      const app = await db.as('hma_app')

      const error = await errorOf(app.query(`select auth.register('ada@example.org', 'x', $1)`, [birthDate]))

      expect(error).toEqual({ ...MISSING_MONTH, table: leaf })
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test('B1.2.4 the log rejects a row of a month without a leaf', async ({ db }) => {
    await expect(insertAuditRow(db, monthStart(7))).toFailWith('23514')
    expect(await auditRecords(db)).toEqual([])
  })

  test('B1.2.4 after the helper created the missing leaf, changes are accepted', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 0))

    const helper = db.query('select audit.ensure_partitions()')

    await expect(helper).toBeAccepted()
    await expect(insertUser(db)).toBeAccepted()
    expect(changesIn(await auditRecords(db))).toEqual(['insert auth.users'])
  })
})
