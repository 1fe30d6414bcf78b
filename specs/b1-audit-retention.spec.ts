import { describe, expect, test } from '../harness/index.ts'
import { insertAuditRow } from './vocabulary/audit-log.ts'
import { createLeaves, leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { chainHead, sealLog, tamper, verifyLog } from './vocabulary/audit-seals.ts'
import { errorOf } from './vocabulary/errors.ts'

const removal = `select month::text, row_count, encode(root, 'hex') as root, removed_by from audit.audit_removal order by month`
const there = (leaf: string) => `select to_regclass('audit.${leaf}') is not null`

describe('B1.2 Retention of the audit log', () => {
  test('B1.2.6 the month before those kept is removed as a whole', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, `${monthStart(-12)} - interval '1 microsecond'`)

    const removed = await db.query('select month::text, row_count from audit.remove_expired(12)')

    expect(removed).toEqual([
      { month: await db.value(`select (${monthStart(-13)})::date::text`), row_count: '2' },
    ])
    expect(await db.value(there(await leafName(db, -13)))).toBe(false)
  })

  test('B1.2.6 the first month kept stays, with its first microsecond', async ({ db }) => {
    await createLeaves(db, -13, -12)
    await insertAuditRow(db, monthStart(-13))
    const kept = await insertAuditRow(db, monthStart(-12))

    await db.query('select audit.remove_expired(12)')

    expect(await db.query(`select id from audit.audit_log where action = 'insert'`)).toEqual([{ id: kept }])
    expect(await db.value(there(await leafName(db, -12)))).toBe(true)
  })

  test('B1.2.6 unless told otherwise, 24 months are kept', async ({ db }) => {
    await createLeaves(db, -25, -24)

    const removed = await db.query('select month::text from audit.remove_expired()')

    expect(removed).toEqual([{ month: await db.value(`select (${monthStart(-25)})::date::text`) }])
  })

  test('B1.2.6 a removed month leaves the count and the hash of what stood in it', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    const stood = await db.query(`
      select s.month::text, sum(r.row_count)::bigint as row_count,
             encode(sha256(string_agg(r.root, ''::bytea order by s.number)), 'hex') as root, session_user::text as removed_by
        from audit.audit_seal s, audit.root_of(s.month, s.after_id, s.up_to_id) r
       where s.month = (${monthStart(-13)})::date group by s.month`)

    await db.query('select audit.remove_expired(12)')

    expect(await db.query(removal)).toEqual(stood)
    expect(stood).toMatchObject([{ row_count: '3' }])
  })

  test('B1.2.6 rows that were not sealed yet are sealed before they go', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))

    await db.query('select audit.remove_expired(12)')

    expect(
      await db.value(`select row_count from audit.audit_seal where month = (${monthStart(-13)})::date`),
    ).toBe('1')
  })

  test('B1.2.6 verification finds nothing after a removal', async ({ db }) => {
    await createLeaves(db, -13, -12)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, monthStart(-12))
    const head = await sealLog(db)

    await db.query('select audit.remove_expired(12)')

    expect(await verifyLog(db, head)).toEqual([])
  })

  test('B1.2.6 where nothing is expired, nothing is removed, sealed or recorded', async ({ db }) => {
    await createLeaves(db, -12)
    await insertAuditRow(db, monthStart(-12))

    const removed = await db.query('select * from audit.remove_expired(12)')

    expect(removed).toEqual([])
    expect(await db.query(removal)).toEqual([])
    expect(await chainHead(db)).toBeNull()
  })

  test.for([11, 0, -1, null])(
    'B1.2.6 keeping %s months is refused, and nothing is removed',
    async (kept, { db }) => {
      await createLeaves(db, -13)

      const attempt = db.query('select audit.remove_expired($1)', [kept])

      await expect(attempt).toBreakRule('audit_is_kept_for_a_year')
      expect(await db.value(there(await leafName(db, -13)))).toBe(true)
    },
  )

  test('B1.2.6 a leaf that holds more than its month is left alone', async ({ db }) => {
    const leaf = await leafName(db, -20)
    await db.query(`select audit.create_leaf((${monthStart(-20)})::date);
      alter table audit.audit_log detach partition audit.${leaf}`)
    await db.query(
      await db.value(`select format('alter table audit.audit_log attach partition audit.${leaf} for values from (%L) to (%L)',
        ${monthStart(-20)}, ${monthStart(-2)})`),
    )
    const recent = await insertAuditRow(db, monthStart(-3))

    await db.query('select audit.remove_expired(12)')

    expect(await db.query('select id from audit.audit_log where id = $1', [recent])).toHaveLength(1)
  })

  test('B1.2.6 a month that was altered is evidence, and stays', async ({ db }) => {
    await createLeaves(db, -14, -13)
    const id = await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    await tamper(db, `delete from audit.audit_log where id = ${id}`)

    const attempt = db.query('select audit.remove_expired(12)')

    await expect(attempt).toBreakRule('months_are_removed_intact')
    expect(await db.value(there(await leafName(db, -14)))).toBe(true)
    expect(await db.query(removal)).toEqual([])
  })

  test('B1.2.6 a removal leaves its own record in the log', async ({ db }) => {
    await createLeaves(db, -13)
    const leaf = await leafName(db, -13)

    await db.query('select audit.remove_expired(12)')

    expect(
      await db.query(
        `select details from audit.audit_log where entity = 'audit.${leaf}' order by id desc limit 1`,
      ),
    ).toEqual([{ details: { command: 'DROP TABLE' } }])
  })

  test.for([
    ['a removal cannot be edited', 'update audit.audit_removal set row_count = 0', 'removals_are_final'],
    ['a removal cannot be deleted', 'delete from audit.audit_removal', 'removals_are_final'],
    ['removals cannot be truncated', 'truncate audit.audit_removal', 'removals_are_final_as_a_whole'],
  ] as const)('B1.2.6 %s', async ([, change, rule], { db }) => {
    await createLeaves(db, -13)
    await db.query('select audit.remove_expired(12)')

    const attempt = db.query(change)

    await expect(attempt).toBreakRule(rule)
  })

  test('B1.2.6 a writer at work makes a removal give up, and nothing is removed', async ({ db }) => {
    await createLeaves(db, -13)
    const writer = await db.connect()
    await writer.query('begin')
    await insertAuditRow(writer, monthStart(0))

    const refusal = await errorOf(db.query(`select audit.remove_expired(12)`))

    expect(refusal).toMatchObject({ code: '55P03' })
    expect(await db.value(there(await leafName(db, -13)))).toBe(true)
  })
})
