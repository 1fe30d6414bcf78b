import { type Database, describe, expect, type Session, test } from '../harness/index.ts'
import { auditRecords, ddlRecords, insertAuditRow } from './vocabulary/audit-log.ts'
import { leafName, monthStart } from './vocabulary/audit-partitions.ts'
import { errorOf, sqlstatesOf } from './vocabulary/errors.ts'

const ROW_GUARD = 'audit_rows_are_final'
const TABLE_GUARD = 'audit_rows_are_final_as_a_whole'

const CHANGES = [
  ['an update', (of: string) => `update ${of} set actor_role = 'nobody'`, ROW_GUARD],
  ['a delete', (of: string) => `delete from ${of}`, ROW_GUARD],
  ['a truncate', (of: string) => `truncate ${of}`, TABLE_GUARD],
  [
    'an upsert',
    (of: string) =>
      `insert into ${of} select * from ${of} on conflict (id, occurred_at) do update set entity = ''`,
    ROW_GUARD,
  ],
  [
    'a merge',
    (of: string) => `merge into ${of} l using (values (1)) v on true when matched then delete`,
    ROW_GUARD,
  ],
] as const

/** The three that the others are made of. */
const PLAIN = CHANGES.slice(0, 3)

/** A session of whoever owns the log, come by as the migrator comes by it. */
async function asOwner(db: Database): Promise<Session> {
  const session = await db.as('hma_migrator')
  await session.query('set role hma_owner')
  return session
}

describe('B1.2 Audit rows are final', () => {
  test.for(CHANGES)(
    'B1.2.5 %s through the parent is refused to the superuser',
    async ([, change, rule], { db }) => {
      await insertAuditRow(db, monthStart(0))
      const before = await auditRecords(db)

      const attempt = db.query(change('audit.audit_log'))

      await expect(attempt).toBreakRule(rule)
      expect(await auditRecords(db)).toEqual(before)
    },
  )

  test.for(CHANGES)(
    'B1.2.5 %s through the parent is refused to the owner',
    async ([, change, rule], { db }) => {
      await insertAuditRow(db, monthStart(0))
      const owner = await asOwner(db)

      const attempt = owner.query(change('audit.audit_log'))

      await expect(attempt).toBreakRule(rule)
      expect(await auditRecords(db)).toHaveLength(1)
    },
  )

  test.for(PLAIN)('B1.2.5 %s on a leaf is refused to the owner', async ([, change, rule], { db }) => {
    await insertAuditRow(db, monthStart(2))
    const owner = await asOwner(db)

    const attempt = owner.query(change(`audit.${await leafName(db, 2)}`))

    await expect(attempt).toBreakRule(rule)
    expect(await auditRecords(db)).toHaveLength(1)
  })

  test.for(PLAIN)('B1.2.5 %s is refused on a month that was made later', async ([, change, rule], { db }) => {
    await db.query('select audit.ensure_partitions(5)')
    await insertAuditRow(db, monthStart(5))

    const attempt = db.query(change(`audit.${await leafName(db, 5)}`))

    await expect(attempt).toBreakRule(rule)
    expect(await auditRecords(db)).toHaveLength(1)
  })

  test.for(PLAIN)(
    'B1.2.5 %s is refused in replica mode, which skips triggers',
    async ([, change, rule], { db }) => {
      await insertAuditRow(db, monthStart(0))
      await db.query('set session_replication_role = replica')

      const attempt = db.query(change('audit.audit_log'))

      await expect(attempt).toBreakRule(rule)
      expect(await auditRecords(db)).toHaveLength(1)
    },
  )

  test.for(PLAIN)('B1.2.5 %s on a leaf is refused in replica mode', async ([, change, rule], { db }) => {
    await insertAuditRow(db, monthStart(0))
    await db.query('set session_replication_role = replica')

    const attempt = db.query(change(`audit.${await leafName(db, 0)}`))

    await expect(attempt).toBreakRule(rule)
    expect(await auditRecords(db)).toHaveLength(1)
  })

  test.for(['hma_app', 'analytics_reader', 'hma_ml', 'hma_migrator'])(
    'B1.2.5 %s may change no audit row, through the parent or a leaf',
    async (role, { db }) => {
      await db.query('select audit.ensure_partitions(4)')
      await insertAuditRow(db, monthStart(4))
      const places = ['audit.audit_log', `audit.${await leafName(db, 0)}`, `audit.${await leafName(db, 4)}`]
      const changes = places.flatMap((place) => CHANGES.map(([, change]) => change(place)))

      const answers = await sqlstatesOf(await db.as(role), changes)

      expect(answers).toEqual(changes.map(() => '42501'))
    },
  )

  test.for(['hma_audit_writer', 'hma_auth_definer', 'hma_analytics_definer', 'hma_backup'])(
    'B1.2.5 whoever acts as %s may change no audit row',
    async (role, { db }) => {
      await insertAuditRow(db, monthStart(0))
      await db.query(`set role ${role}; set transaction_read_only = off`)

      const refusal = await errorOf(db.query('delete from audit.audit_log'))

      expect(refusal).toMatchObject({ code: '42501' })
    },
  )

  test.for([
    ['audit.audit_seal', 'update audit.audit_seal set row_count = 0', 'seals_are_final'],
    ['audit.audit_seal', 'delete from audit.audit_seal', 'seals_are_final'],
    ['audit.audit_seal', 'truncate audit.audit_seal', 'seals_are_final_as_a_whole'],
  ] as const)('B1.2.5 a seal is as final as the rows: %s, %s', async ([, change, rule], { db }) => {
    await insertAuditRow(db, monthStart(0))
    await db.query('select audit.seal()')

    const attempt = db.query(change)

    await expect(attempt).toBreakRule(rule)
  })
})

describe('B1.2 Whoever takes a guard away leaves a record', () => {
  test.for([
    ['alter table audit.audit_log disable trigger audit_rows_are_final', 'audit.audit_log', 'ALTER TABLE'],
    [
      'drop trigger audit_rows_are_final on audit.audit_log',
      'audit_rows_are_final on audit.audit_log',
      'DROP TRIGGER',
    ],
    [
      'create rule keep as on delete to audit.audit_log do instead nothing',
      'keep on audit.audit_log',
      'CREATE RULE',
    ],
    ['alter table auth.users disable trigger deletes_are_audited', 'auth.users', 'ALTER TABLE'],
    [
      'drop trigger deletes_are_audited on auth.sessions',
      'deletes_are_audited on auth.sessions',
      'DROP TRIGGER',
    ],
    ['alter function audit.verify rename to verified', 'audit.verified(pg_catalog.bytea)', 'ALTER FUNCTION'],
    ['drop function audit.verify', 'audit.verify(pg_catalog.bytea)', 'DROP FUNCTION'],
    ['alter function ops.refuse_change() set search_path to auth', 'ops.refuse_change()', 'ALTER FUNCTION'],
    ['alter sequence audit.audit_log_id restart', 'audit.audit_log_id', 'ALTER SEQUENCE'],
  ] as const)('B1.2.5 %s', async ([statement, entity, command], { db }) => {
    const owner = await asOwner(db)

    await owner.query(statement)

    expect(await ddlRecords(db)).toContainEqual({ entity, actor_role: 'hma_migrator', details: { command } })
  })

  test.for([
    ['drop table audit.%I', 'DROP TABLE'],
    ['alter table audit.%I disable trigger all', 'ALTER TABLE'],
  ] as const)('B1.2.5 a leaf does not go unseen: %s', async ([statement, command], { db }) => {
    const owner = await asOwner(db)
    const leaf = await leafName(db, 1)

    await owner.query(statement.replace('%I', leaf))

    expect(await ddlRecords(db)).toContainEqual({
      entity: `audit.${leaf}`,
      actor_role: 'hma_migrator',
      details: { command },
    })
  })

  test('B1.2.5 a rule that would swallow audit rows is refused, because its own record would be swallowed', async ({
    db,
  }) => {
    const owner = await asOwner(db)

    const attempt = owner.query('create rule nothing as on insert to audit.audit_log do instead nothing')

    await expect(attempt).toBreakRule('audit_rows_are_written')
  })
})
