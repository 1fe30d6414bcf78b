import { describe, expect, test } from '../harness/index.ts'
import { auditRecords, insertAuditRow } from './vocabulary/audit-log.ts'
import { dropLeaves, leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { errorOf } from './vocabulary/errors.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.2 The audit log fails closed', () => {
  test('B1.2.4 an insert without its month is refused, names the month, and leaves nothing', async ({
    db,
  }) => {
    const missing = await leafName(db, 0)
    await dropLeaves(db, missing)

    const refusal = await errorOf(insertUser(db))

    expect(refusal).toEqual({ code: '55000', rule: 'audit_months_are_prepared', table: missing })
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for([
    ['an update', `update auth.users set email = 'grace@example.org'`],
    ['a delete', 'delete from auth.users'],
    ['a truncate', 'truncate auth.users cascade'],
  ] as const)(
    'B1.2.4 %s without its month is refused and leaves all as it was',
    async ([, change], { db }) => {
      await insertUser(db)
      await dropLeaves(db, await leafName(db, 0))

      const refusal = await errorOf(db.query(change))

      expect(refusal).toMatchObject({ code: '55000', rule: 'audit_months_are_prepared' })
      expect(await db.value('select email from auth.users')).toBe('ada@example.org')
    },
  )

  test('B1.2.4 a detached month is a missing month', async ({ db }) => {
    const missing = await leafName(db, 0)
    await db.query(`set session_replication_role = replica;
      alter table audit.audit_log detach partition audit.${missing}; set session_replication_role = origin`)

    const refusal = await errorOf(insertUser(db))

    expect(refusal).toEqual({ code: '55000', rule: 'audit_months_are_prepared', table: missing })
  })

  test('B1.2.4 an earlier statement of the same transaction is undone with it', async ({ db }) => {
    await db.query(`create table public.diary (line text)`)
    await dropLeaves(db, await leafName(db, 0))
    const both = `begin; insert into public.diary values ('dear diary'); delete from auth.users; commit`

    const refusal = await errorOf(db.query(both))
    await db.query('rollback')

    expect(refusal).toMatchObject({ rule: 'audit_months_are_prepared' })
    expect(await db.count('public.diary')).toBe(0)
  })

  test.for([
    ['an adult', '1990-01-01'],
    ['a minor', '2020-01-01'],
  ] as const)(
    'B1.2.4 the registration of %s without its month is an error, never an answer',
    async ([, born], { db }) => {
      const missing = await leafName(db, 0)
      await dropLeaves(db, missing)
      const app = await db.as('hma_app')

      const refusal = await errorOf(app.query(`select auth.register('ada@example.org', 'x', $1)`, [born]))

      expect(refusal).toEqual({ code: '55000', rule: 'audit_months_are_prepared', table: missing })
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test('B1.2.4 the log itself takes no row of a month without a leaf', async ({ db }) => {
    const write = insertAuditRow(db, monthStart(7))

    await expect(write).toFailWith('23514')
    expect(await auditRecords(db)).toEqual([])
  })

  test('B1.2.4 the helper mends a missing current month, and changes are accepted again', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 0))

    const mending = db.query('select audit.ensure_partitions()')

    await expect(mending).toBeAccepted()
    await expect(insertUser(db)).toBeAccepted()
    expect(await auditRecords(db)).toMatchObject([{ action: 'insert', entity: 'auth.users' }])
  })
})
