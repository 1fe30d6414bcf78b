import { describe, expect, test } from '../harness/index.ts'
import { auditRecords, insertAuditRow } from './vocabulary/audit-log.ts'
import { createLeaves, monthStart } from './vocabulary/audit-partitions.ts'
import {
  chainHead,
  countUnsealedRows,
  createSealedLog,
  RECOMPUTE_ROW_HASHES,
  sealLog,
  tamper,
  verifyLog,
} from './vocabulary/audit-seals.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.2 Verification of the audit log', () => {
  test('B1.2.7 a log that is as it was written has no findings', async ({ db }) => {
    const { heads } = await createSealedLog(db)
    await insertUser(db)

    expect(await verifyLog(db)).toEqual([])
    expect(await verifyLog(db, heads[0])).toEqual([])
    expect(await verifyLog(db, heads[2])).toEqual([])
  })

  test('B1.2.7 every row is sealed, once', async ({ db }) => {
    await createSealedLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
  })

  test('B1.2.7 sealing again where nothing was written adds no seal', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    const again = await db.query('select * from audit.seal()')

    expect(again).toEqual([])
    expect(await chainHead(db)).toBe(heads[2])
  })

  test.for(['Pacific/Kiritimati', 'America/New_York', 'Etc/GMT+12'])(
    'B1.2.7 an auditor in %s, with another date style, has no findings either',
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

  test('B1.2.7 a row that went through text, as in a dump, has the digest it had', async ({ db }) => {
    await insertUser(db)
    await db.query(`update auth.users set email = 'grace@example.org'; delete from auth.users`)

    const others = await db.query(
      `select l from audit.audit_log l where audit.digest(l::text::audit.audit_log) <> l.row_hash`,
    )

    expect(await auditRecords(db)).toHaveLength(3)
    expect(others).toEqual([])
  })

  test.for([
    ['id', 'id + 1000'],
    ['occurred_at', `occurred_at + interval '1 microsecond'`],
    ['action', `'delete'`],
    ['entity', `'auth.sessions'`],
    ['entity_id', 'gen_random_uuid()'],
    ['actor_id', 'gen_random_uuid()'],
    ['actor_role', `'hma_app'`],
    ['request_id', `'another'`],
    ['transaction_id', `'4'::xid8`],
    ['details', `'{"new": {}}'`],
    ['row_hash', `sha256('')`],
  ] as const)('B1.2.7 an edited %s is found before the row is sealed', async ([column, value], { db }) => {
    await insertUser(db)

    await tamper(db, `update audit.audit_log set ${column} = ${value}`)

    expect(await verifyLog(db)).toEqual(['row_altered'])
  })

  test('B1.2.7 an edit that mends the row’s own hash is found once it was sealed', async ({ db }) => {
    const { ids } = await createSealedLog(db)

    await tamper(
      db,
      `update audit.audit_log set entity = 'auth.sessions' where id = ${ids[2]}; ${RECOMPUTE_ROW_HASHES}`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a deleted row is found', async ({ db }) => {
    const { ids } = await createSealedLog(db)

    await tamper(db, `delete from audit.audit_log where id = ${ids[1]}`)

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a row inserted into a sealed window is found', async ({ db }) => {
    const { ids } = await createSealedLog(db)
    const late = await insertAuditRow(db, monthStart(0))

    await tamper(
      db,
      `delete from audit.audit_log where id = ${ids[2]};
      update audit.audit_log set id = ${ids[2]} where id = ${late}; ${RECOMPUTE_ROW_HASHES}`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a row inserted into a month that had none at that time is found', async ({ db }) => {
    const { ids } = await createSealedLog(db)
    const late = await insertAuditRow(db, monthStart(2))

    await tamper(db, `update audit.audit_log set id = ${ids[0]} where id = ${late}; ${RECOMPUTE_ROW_HASHES}`)

    expect(await verifyLog(db)).toEqual(['row_inserted'])
  })

  test('B1.2.7 two rows that change places are found', async ({ db }) => {
    const [first, second] = [await insertUser(db), await insertUser(db, { email: 'grace@example.org' })]
    await sealLog(db)

    await tamper(
      db,
      `update audit.audit_log l set id = o.id from audit.audit_log o
       where (l.entity_id, o.entity_id) in (('${first}', '${second}'), ('${second}', '${first}')); ${RECOMPUTE_ROW_HASHES}`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a month that is gone is found', async ({ db }) => {
    await createSealedLog(db)

    await tamper(
      db,
      `do $$ begin execute format('drop table audit.%I', audit.leaf_of(${monthStart(1)})); end $$`,
    )

    expect(await verifyLog(db)).toEqual(['window_altered'])
  })

  test('B1.2.7 a dropped tail, seals and all, is found by a head that was exported', async ({ db }) => {
    const { heads, ids } = await createSealedLog(db)

    await tamper(
      db,
      `delete from audit.audit_log where id >= ${ids[4]};
      delete from audit.audit_seal where number = (select max(number) from audit.audit_seal)`,
    )

    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
    expect(await verifyLog(db, heads[1])).toEqual([])
  })

  test('B1.2.7 a log rewritten from its first row is found by a head that was exported', async ({ db }) => {
    const { heads } = await createSealedLog(db)

    await tamper(
      db,
      `delete from audit.audit_seal; update audit.audit_log set entity = 'auth.sessions'; ${RECOMPUTE_ROW_HASHES}`,
    )
    await sealLog(db)

    expect(await verifyLog(db)).toEqual([])
    expect(await verifyLog(db, heads[2])).toEqual(['head_missing'])
  })

  test.for([
    ['row_count', 'row_count + 1', ['chain_broken', 'window_altered']],
    ['root', `sha256('')`, ['chain_broken', 'window_altered']],
    ['chain', `sha256('')`, ['chain_broken']],
    ['sealed_at', `sealed_at - interval '1 day'`, ['chain_broken']],
    ['month', `month - 40`, ['chain_broken', 'row_inserted', 'window_altered']],
  ] as const)('B1.2.7 an edited seal is found: %s', async ([column, value, findings], { db }) => {
    await createSealedLog(db)

    await tamper(
      db,
      `update audit.audit_seal set ${column} = ${value} where number = (select min(number) from audit.audit_seal)`,
    )

    expect(await verifyLog(db)).toEqual(findings)
  })

  test('B1.2.7 a seal taken out of the chain is found', async ({ db }) => {
    await createSealedLog(db)

    await tamper(db, 'delete from audit.audit_seal where number = (select min(number) from audit.audit_seal)')

    expect(await verifyLog(db)).toContain('chain_broken')
  })

  test.for([
    ['of a month that is not old enough', monthStart(0), 'now()', '*'],
    ['dated into the future', monthStart(0), `now() + interval '13 months'`, '*'],
    ['with another count than the chain has', monthStart(-13), 'now()', '2, root'],
    ['with another hash than the chain has', monthStart(-13), 'now()', `row_count, sha256('')`],
  ] as const)('B1.2.7 a false removal %s hides nothing', async ([, of, at, claim], { db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, of)
    await sealLog(db)

    await tamper(
      db,
      `insert into audit.audit_removal (removed_at, month, row_count, root)
       select ${at}, (${of})::date, ${claim} from audit.sealed_root_of((${of})::date);
       delete from audit.audit_log where date_trunc('month', occurred_at) = date_trunc('month', ${of})`,
    )

    expect(await verifyLog(db)).toEqual(['removal_altered'])
  })
})
