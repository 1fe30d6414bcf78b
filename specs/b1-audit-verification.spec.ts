import { describe, expect, test } from '../harness/index.ts'
import { auditRecords, insertAuditRow } from './vocabulary/audit-log.ts'
import { createLeaves, monthStart } from './vocabulary/audit-partitions.ts'
import {
  createSealedLog,
  findingsOfEdits,
  REHASH_ROWS,
  removeOldMonth,
  sealLog,
  tamper,
  verifyLog,
} from './vocabulary/audit-seals.ts'
import { FORGERIES, forgedRow } from './vocabulary/forged-rows.ts'
import { migratorWithRole } from './vocabulary/logins.ts'
import { insertUser, insertUsers } from './vocabulary/users.ts'

describe('B1.2 Verification of the audit log', () => {
  test('B1.2.7 a sealed row that is years old and edited is found', async ({ db }) => {
    await createLeaves(db, -60)
    await insertAuditRow(db, monthStart(-60))
    await sealLog(db)

    await tamper(db, `update audit.audit_log set entity = 'auth.sessions'; ${REHASH_ROWS}`)

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 an unaltered log has no finding', async ({ db }) => {
    const { heads } = await createSealedLog(db)
    await insertUser(db)

    expect(await verifyLog(db)).toEqual([])
    expect(await verifyLog(db, heads[0])).toEqual([])
    expect(await verifyLog(db, heads[2])).toEqual([])
  })

  test.for(['Pacific/Kiritimati', 'America/New_York', 'Etc/GMT+12'])(
    'B1.2.7 verification in %s with other output settings has no finding',
    async (timeZone, { db }) => {
      await createLeaves(db, -1)
      await insertAuditRow(db, `${monthStart(0)} - interval '1 microsecond'`)
      await insertUser(db)
      await sealLog(db)
      const auditor = await db.connect({ timeZone })
      await auditor.query(`set datestyle = 'German'; set bytea_output = 'escape'; set extra_float_digits = 0`)

      expect(await verifyLog(auditor)).toEqual([])
    },
  )

  test('B1.2.7 a row that is restored from text, as from a dump, has the same digest', async ({ db }) => {
    await insertUser(db)
    await db.query(`update auth.users set email = 'grace@example.org'; delete from auth.users`)

    const changed = await db.query(
      `select l from audit.audit_log l where audit.digest(l::text::audit.audit_log) <> l.row_hash`,
    )

    expect(await auditRecords(db)).toHaveLength(3)
    expect(changed).toEqual([])
  })

  test('B1.2.7 an edited value of any column is found before the row is sealed', async ({ db }) => {
    await insertUser(db)

    const findings = await findingsOfEdits(db, 'audit.audit_log')

    expect(Object.keys(findings)).toContain('details')
    expect(Object.values(findings)).toEqual(Object.keys(findings).map(() => ['row_altered']))
  })

  test.for([
    [
      'a row that is edited together with its hash',
      (id?: string) => `update audit.audit_log set entity = 'auth.sessions' where id = ${id}; ${REHASH_ROWS}`,
    ],
    ['a deleted row', (id?: string) => `delete from audit.audit_log where id = ${id}`],
    [
      'a dropped leaf',
      () => `do $$ begin execute format('drop table audit.%I', audit.leaf_of(now())); end $$`,
    ],
  ] as const)('B1.2.7 %s is found after sealing', async ([, statements], { db }) => {
    const { ids } = await createSealedLog(db)

    await tamper(db, statements(ids[2]))

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a row that is inserted into a sealed window is found', async ({ db }) => {
    const { ids } = await createSealedLog(db)
    const inserted = await insertAuditRow(db, monthStart(0))

    await tamper(
      db,
      `delete from audit.audit_log where id = ${ids[2]};
      update audit.audit_log set id = ${ids[2]} where id = ${inserted}; ${REHASH_ROWS}`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a row that is inserted into a month without a sealed window is found', async ({ db }) => {
    const { ids } = await createSealedLog(db)
    const inserted = await insertAuditRow(db, monthStart(2))

    await tamper(db, `update audit.audit_log set id = ${ids[0]} where id = ${inserted}; ${REHASH_ROWS}`)

    expect(await verifyLog(db)).toEqual(['row_inserted'])
  })

  test('B1.2.7 a row that is inserted into a month that retention removed is found', async ({ db }) => {
    await removeOldMonth(db)
    await createLeaves(db, -25)
    const inserted = await insertAuditRow(db, monthStart(-25))

    await tamper(
      db,
      `update audit.audit_log set id = (select max(up_to_id) from audit.audit_seal) where id = ${inserted};
      ${REHASH_ROWS}`,
    )

    expect(await verifyLog(db)).toEqual(['row_inserted'])
  })

  test('B1.2.7 so is one that is then sealed', async ({ db }) => {
    await removeOldMonth(db)
    await createLeaves(db, -25)
    await insertAuditRow(db, monthStart(-25))

    await sealLog(db)

    expect(await verifyLog(db)).toEqual(['removal_altered', 'row_inserted'])
  })

  test('B1.2.7 two rows that are swapped are found', async ({ db }) => {
    const [first, second] = [await insertUser(db), await insertUser(db, { email: 'grace@example.org' })]
    await sealLog(db)

    await tamper(
      db,
      `update audit.audit_log l set id = o.id from audit.audit_log o
       where (l.entity_id, o.entity_id) in (('${first}', '${second}'), ('${second}', '${first}')); ${REHASH_ROWS}`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test.for(
    FORGERIES.flatMap(([way, statement]) =>
      ['hma_owner', 'hma_audit_writer'].map((role) => [way, role, statement] as const),
    ),
  )('B1.2.7 a row that nobody’s change wrote is refused: %s, by %s', async ([, role, statement], { db }) => {
    const forger = await migratorWithRole(db, role)

    const forgery = forger.query(await statement(db))

    await expect(forgery).toBeDenied()
    expect(await auditRecords(db)).toEqual([])
  })

  test.for([
    `select audit.write('delete', 'auth.users', gen_random_uuid())`,
    `select audit.write('registration_rejected', 'auth.users', gen_random_uuid())`,
  ])('B1.2.7 the role of registration cannot write that a row was deleted: %s', async (call, { db }) => {
    const definer = await migratorWithRole(db, 'hma_auth_definer')

    await expect(definer.query(call)).toBreakRule('audit_rows_are_captured')
  })

  test('B1.2.7 a superuser in replica mode, as a restore is, inserts rows', async ({ db }) => {
    await db.query('set session_replication_role = replica')

    await expect(db.query(forgedRow())).toBeAccepted()
  })

  test('B1.2.7 without any seal, a head that was exported is missing', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    await tamper(db, 'delete from audit.audit_seal')

    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
  })

  test('B1.2.7 an empty log is found with an exported head', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    await tamper(db, 'delete from audit.audit_seal; delete from audit.audit_log')

    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
  })

  test.for([
    ['entity', 'actor_role', `'auth.users'`, `'hma_app'`, `'auth.usershma'`, `'_app'`],
    ['actor_role', 'request_id', `'hma_app'`, `'1'`, `'hma_app1'`, `''`],
    ['actor_role', 'request_id', `'hma_app'`, `'a","b'`, `'hma_app","a'`, `'b'`],
    ['actor_role', 'request_id', `'hma_app'`, 'null', `'hma_app'`, `''`],
    ['actor_role', 'request_id', `'hma_app'`, 'null', `'hma_app'`, `'null'`],
  ] as const)(
    'B1.2.7 text that moves between %s and %s changes the digest: %s, %s or %s, %s',
    async ([first, second, ...values], { db }) => {
      const [a, b, c, d] = values
      await insertUser(db)
      await tamper(db, `update audit.audit_log set ${first} = ${a}, ${second} = ${b}; ${REHASH_ROWS}`)

      await tamper(db, `update audit.audit_log set ${first} = ${c}, ${second} = ${d}`)

      expect(await verifyLog(db)).toEqual(['row_altered'])
    },
  )

  test('B1.2.7 every altered row of a long log is listed', async ({ db }) => {
    await insertUsers(db, ...Array.from({ length: 30 }, () => `today - interval '30 years'`))
    await sealLog(db)

    await tamper(db, `update audit.audit_log set entity = 'auth.sessions' where id % 3 = 0`)

    const altered = await db.column(`select row_id from audit.verify() where finding = 'row_altered'`)
    expect(altered).toEqual(await db.column('select id from audit.audit_log where id % 3 = 0 order by id'))
  })

  test.for([
    ['of a month that is not expired', monthStart(0), 'now()', '*'],
    ['with a date in the future', monthStart(0), `now() + interval '13 months'`, '*'],
    ['with another count than the seals', monthStart(-13), 'now()', '2, root'],
    ['with another hash than the seals', monthStart(-13), 'now()', `row_count, sha256('')`],
  ] as const)('B1.2.7 a forged removal %s is found', async ([, start, removedAt, values], { db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, start)
    await sealLog(db)

    await tamper(
      db,
      `insert into audit.audit_removal (removed_at, month, row_count, root)
       select ${removedAt}, (${start})::date, ${values} from audit.sealed_root_of((${start})::date);
       delete from audit.audit_log where date_trunc('month', occurred_at) = date_trunc('month', ${start})`,
    )

    expect(await verifyLog(db)).toEqual(['removal_altered'])
  })
})
