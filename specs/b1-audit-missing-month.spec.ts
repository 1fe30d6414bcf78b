import { describe, expect, test } from '../harness/index.ts'
import { auditRecords, changesIn, insertAuditRow } from './vocabulary/audit-log.ts'
import { dropLeaves, leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { errorOf } from './vocabulary/errors.ts'
import { insertUser } from './vocabulary/users.ts'

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
