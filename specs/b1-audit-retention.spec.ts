import { type Database, describe, expect, test } from '../harness/index.ts'
import { insertAuditRow } from './vocabulary/audit-log.ts'
import { createLeaves, leafExists, leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { chainHead, sealLog, tamper, verifyLog } from './vocabulary/audit-seals.ts'
import { errorOf } from './vocabulary/errors.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { insertUser } from './vocabulary/users.ts'

const firstDay = (db: Database, ahead: number) => db.value(`select (${monthStart(ahead)})::date::text`)

const removals = (db: Database) =>
  db.query(
    `select month::text, row_count, encode(root, 'hex') as root, removed_by from audit.audit_removal order by month`,
  )

describe('B1.2 Retention of the audit log', () => {
  test('B1.2.6 the last expired month is removed as a whole', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, `${monthStart(-12)} - interval '1 microsecond'`)

    const removed = await db.query('select month::text, row_count from audit.remove_expired(12)')

    expect(removed).toEqual([{ month: await firstDay(db, -13), row_count: '2' }])
    expect(await leafExists(db, -13)).toBe(false)
  })

  test('B1.2.6 the first month that is not expired stays, with its first microsecond', async ({ db }) => {
    await createLeaves(db, -13, -12)
    await insertAuditRow(db, monthStart(-13))
    const id = await insertAuditRow(db, monthStart(-12))

    await db.query('select audit.remove_expired(12)')

    expect(await db.column(`select id from audit.audit_log where action = 'insert'`)).toEqual([id])
    expect(await leafExists(db, -12)).toBe(true)
  })

  test.for(['Pacific/Kiritimati', 'America/New_York', 'Etc/GMT+12'])(
    'B1.2.6 a client in %s removes the same months',
    async (timeZone, { db }) => {
      await createLeaves(db, -13, -12)
      const client = await db.connect({ timeZone })

      const removed = await client.column('select month::text from audit.remove_expired(12)')

      expect(removed).toEqual([await firstDay(db, -13)])
      expect([await leafExists(db, -13), await leafExists(db, -12)]).toEqual([false, true])
    },
  )

  test('B1.2.6 of three expired months each is removed, and each is recorded', async ({ db }) => {
    await createLeaves(db, -15, -14, -13, -12)
    await insertAuditRow(db, monthStart(-15))
    await insertAuditRow(db, monthStart(-13))

    const removed = await db.column('select month::text from audit.remove_expired(12)')

    const months = [await firstDay(db, -15), await firstDay(db, -14), await firstDay(db, -13)]
    expect(removed).toEqual(months)
    expect([await leafExists(db, -15), await leafExists(db, -14), await leafExists(db, -13)]).toEqual([
      false,
      false,
      false,
    ])
  })

  test('B1.2.6 the default retention is 24 months', async ({ db }) => {
    await createLeaves(db, -25, -24)

    const removed = await db.column('select month::text from audit.remove_expired()')

    expect(removed).toEqual([await firstDay(db, -25)])
  })

  test('B1.2.6 a removal records the count and the hash of the removed rows', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    const expected = await db.query(`
      select s.month::text, '3' as row_count,
             encode(sha256(string_agg(r.root, ''::bytea order by s.number)), 'hex') as root, session_user::text as removed_by
        from audit.audit_seal s, audit.root_of(s.month, s.after_id, s.up_to_id) r
       where s.month = (${monthStart(-13)})::date group by s.month`)

    await db.query('select audit.remove_expired(12)')

    expect(await removals(db)).toEqual(expected)
  })

  test('B1.2.6 unsealed rows are sealed before they are removed', async ({ db }) => {
    await createLeaves(db, -13)
    await insertAuditRow(db, monthStart(-13))

    await db.query('select audit.remove_expired(12)')

    expect(
      await db.column(`select row_count from audit.audit_seal where month = (${monthStart(-13)})::date`),
    ).toEqual(['1'])
  })

  test('B1.2.6 verification has no finding after a removal', async ({ db }) => {
    await createLeaves(db, -13, -12)
    await insertAuditRow(db, monthStart(-13))
    await insertAuditRow(db, monthStart(-12))
    const head = await sealLog(db)

    await db.query('select audit.remove_expired(12)')

    expect(await verifyLog(db, head)).toEqual([])
  })

  test('B1.2.6 without an expired month, nothing is removed, sealed or recorded', async ({ db }) => {
    await createLeaves(db, -12)
    await insertAuditRow(db, monthStart(-12))

    const removed = await db.query('select * from audit.remove_expired(12)')

    expect(removed).toEqual([])
    expect(await removals(db)).toEqual([])
    expect(await chainHead(db)).toBeNull()
  })

  test.for([11, 0, -1, null])(
    'B1.2.6 a retention of %s months is refused, and nothing is removed',
    async (months, { db }) => {
      await createLeaves(db, -13)

      const attempt = db.query('select audit.remove_expired($1)', [months])

      await expect(attempt).toBreakRule('audit_is_kept_for_a_year')
      expect(await leafExists(db, -13)).toBe(true)
    },
  )

  test('B1.2.6 a leaf that covers more than its month is not removed', async ({ db }) => {
    const leaf = await leafName(db, -20)
    await createLeaves(db, -20)
    await db.query(`alter table audit.audit_log detach partition audit.${leaf}`)
    await db.query(
      await db.value(`select format('alter table audit.audit_log attach partition audit.${leaf} for values from (%L) to (%L)',
        ${monthStart(-20)}, ${monthStart(-2)})`),
    )
    const id = await insertAuditRow(db, monthStart(-3))

    await db.query('select audit.remove_expired(12)')

    expect(await db.column('select id from audit.audit_log where id = $1', [id])).toEqual([id])
  })

  test('B1.2.6 an altered month stops the removal, as evidence', async ({ db }) => {
    await createLeaves(db, -14, -13)
    const id = await insertAuditRow(db, monthStart(-13))
    await sealLog(db)
    await tamper(db, `delete from audit.audit_log where id = ${id}`)

    const attempt = db.query('select audit.remove_expired(12)')

    await expect(attempt).toBreakRule('months_are_removed_intact')
    expect(await leafExists(db, -14)).toBe(true)
    expect(await removals(db)).toEqual([])
  })

  test('B1.2.6 the drop of the leaf is recorded in the log', async ({ db }) => {
    await createLeaves(db, -13)
    const leaf = await leafName(db, -13)

    await db.query('select audit.remove_expired(12)')

    expect(
      await db.column(
        `select command from guard.ddl_log where object = 'audit.${leaf}' order by id desc limit 1`,
      ),
    ).toEqual(['DROP TABLE'])
  })

  test.for([
    ['updated', 'update audit.audit_removal set row_count = 0', 'removals_are_final'],
    ['deleted', 'delete from audit.audit_removal', 'removals_are_final'],
    ['truncated', 'truncate audit.audit_removal', 'removals_are_final_as_a_whole'],
  ] as const)('B1.2.6 the record of a removal cannot be %s', async ([, statement, rule], { db }) => {
    await createLeaves(db, -13)
    await db.query('select audit.remove_expired(12)')

    await expect(db.query(statement)).toBreakRule(rule)
  })

  test('B1.2.6 a writer goes on while a removal waits for another', async ({ db }) => {
    await createLeaves(db, -13)
    const [first, second] = [await db.connect(), await db.connect()]
    await sealLog(db)
    await first.query('begin; select from audit.audit_log limit 0')
    const removal = errorOf(db.query('select audit.remove_expired(12)'))
    await expect.poll(() => countLockWaiters(second), { timeout: 5000, interval: 10 }).toBe(1)

    const insert = second.query(`set lock_timeout = '300ms'`).then(() => insertUser(second))

    await expect(insert).toBeAccepted()
    expect(await removal).toMatchObject({ code: '55P03' })
  })

  test('B1.2.6 a removal gives up while a writer is active, and removes nothing', async ({ db }) => {
    await createLeaves(db, -13)
    const writer = await db.connect()
    await writer.query('begin')
    await insertAuditRow(writer, monthStart(0))

    const attempt = db.query('select audit.remove_expired(12)')

    await expect(attempt).toFailWith('55P03')
    expect(await leafExists(db, -13)).toBe(true)
  })
})
