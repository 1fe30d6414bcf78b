import { type Database, describe, expect, test } from '../harness/index.ts'
import { auditRecords, insertAuditRow } from './vocabulary/audit-log.ts'
import {
  createLeaves,
  fillEachLeaf,
  leafName,
  monthStart,
  refusedChanges,
} from './vocabulary/audit-partitions.ts'
import { sqlstatesOf } from './vocabulary/errors.ts'
import { connectAs, migratorWithRole } from './vocabulary/logins.ts'
import { ROLES } from './vocabulary/matrix.ts'
import { fillDatabase } from './vocabulary/seeds.ts'

const ROW_RULE = 'audit_rows_are_final'
const TABLE_RULE = 'audit_rows_are_final_as_a_whole'

const CHANGES = [
  ['an update', (table: string) => `update ${table} set actor_role = 'nobody'`, ROW_RULE],
  ['a delete', (table: string) => `delete from ${table}`, ROW_RULE],
  ['a truncate', (table: string) => `truncate ${table}`, TABLE_RULE],
  [
    'an upsert',
    (table: string) =>
      `insert into ${table} select * from ${table} on conflict (id, occurred_at) do update set entity = ''`,
    ROW_RULE,
  ],
  [
    'a merge',
    (table: string) => `merge into ${table} l using (values (1)) v on true when matched then delete`,
    ROW_RULE,
  ],
] as const

const SESSIONS = [
  ['a superuser', (db: Database) => db.connect()],
  ['the owner', (db: Database) => migratorWithRole(db, 'hma_owner')],
  ['a superuser in replica mode, which skips triggers', connectInReplicaMode],
] as const

const ATTEMPTS = CHANGES.flatMap(([change, statement, rule]) =>
  SESSIONS.map(([who, connect]) => [change, who, connect, statement, ruleFor(change, who, rule)] as const),
)

/** Before it conflicts, an upsert inserts, and the owner may not even do that. */
function ruleFor(change: string, who: string, rule: string): string {
  return change === 'an upsert' && who === 'the owner' ? 'audit_rows_are_captured' : rule
}

async function connectInReplicaMode(db: Database) {
  const session = await db.connect()
  await session.query('set session_replication_role = replica')
  return session
}

describe('B1.2 Audit rows are immutable', () => {
  test.for(ATTEMPTS)(
    'B1.2.5 %s through the parent is refused to %s',
    async ([, , connect, statement, rule], { db }) => {
      await insertAuditRow(db, monthStart(0))
      const session = await connect(db)

      const attempt = session.query(statement('audit.audit_log'))

      await expect(attempt).toBreakRule(rule)
      expect(await auditRecords(db)).toHaveLength(1)
    },
  )

  test.for(ATTEMPTS)(
    'B1.2.5 %s on a leaf is refused to %s',
    async ([, , connect, statement, rule], { db }) => {
      await insertAuditRow(db, monthStart(0))
      const session = await connect(db)

      const attempt = session.query(statement(`audit.${await leafName(db, 0)}`))

      await expect(attempt).toBreakRule(rule)
      expect(await auditRecords(db)).toHaveLength(1)
    },
  )

  test.for(
    CHANGES.flatMap(([change, statement]) =>
      ['origin', 'replica'].map((mode) => [change, mode, statement] as const),
    ),
  )('B1.2.5 %s on any leaf is refused, in mode %s', async ([, mode, statement], { db }) => {
    const leaves = await fillEachLeaf(db)
    await db.query(`set session_replication_role = ${mode}`)

    const sqlstates = await sqlstatesOf(
      db,
      leaves.map((leaf) => statement(`audit.${leaf}`)),
    )

    expect(sqlstates).toEqual(leaves.map(() => '23001'))
    expect(await auditRecords(db)).toHaveLength(leaves.length)
  })

  test.for(CHANGES)(
    'B1.2.5 %s of rows that are years old is refused',
    async ([, statement, rule], { db }) => {
      await createLeaves(db, -60)
      await insertAuditRow(db, monthStart(-60))

      await expect(db.query(statement(`audit.${await leafName(db, -60)}`))).toBreakRule(rule)
    },
  )

  test.for(CHANGES)('B1.2.5 %s on a new leaf is refused', async ([, statement, rule], { db }) => {
    await db.query('select audit.ensure_partitions(5)')
    await insertAuditRow(db, monthStart(5))

    const attempt = db.query(statement(`audit.${await leafName(db, 5)}`))

    await expect(attempt).toBreakRule(rule)
    expect(await auditRecords(db)).toHaveLength(1)
  })

  test('B1.2.5 the triggers of the log and of each leaf have no condition and are always enabled', async ({
    db,
  }) => {
    const tables = await db.column(`select relid::text from pg_partition_tree('audit.audit_log') order by 1`)

    expect(await refusedChanges(db, tables)).toEqual(
      tables.map((table) => `${table}: delete update of a row, truncate of a statement`),
    )
  })

  test.for(['origin', 'replica'])(
    'B1.2.5 each row that a real change wrote is final, in mode %s',
    async (mode, { db }) => {
      await fillDatabase(db)
      const ids = await db.column('select id from audit.audit_log')
      await db.query(`set session_replication_role = ${mode}`)

      const sqlstates = await sqlstatesOf(
        db,
        ids.flatMap((id) => [
          `delete from audit.audit_log where id = ${id}`,
          `update audit.audit_log set details = '{}' where id = ${id}`,
        ]),
      )

      expect(new Set(await db.column('select action from audit.audit_log')).size).toBeGreaterThan(3)
      expect(sqlstates).toEqual(ids.flatMap(() => ['23001', '23001']))
    },
  )

  test.for(ROLES.filter((role) => role !== 'hma_owner'))(
    'B1.2.5 %s has no privilege to change audit rows, through the parent or a leaf',
    async (role, { db }) => {
      await db.query('select audit.ensure_partitions(4)')
      await insertAuditRow(db, monthStart(4))
      const tables = ['audit_log', await leafName(db, 0), await leafName(db, 4)]
      const statements = tables.flatMap((table) =>
        CHANGES.map(([, statement]) => statement(`audit.${table}`)),
      )
      await using session = await connectAs(db, role)

      const sqlstates = await sqlstatesOf(session, statements)

      expect(sqlstates).toEqual(statements.map(() => '42501'))
    },
  )

  test.for([
    ['update audit.audit_seal set row_count = 0', 'seals_are_final'],
    ['delete from audit.audit_seal', 'seals_are_final'],
    ['truncate audit.audit_seal', 'seals_are_final_as_a_whole'],
  ] as const)('B1.2.5 a seal cannot be changed: %s', async ([statement, rule], { db }) => {
    await insertAuditRow(db, monthStart(0))
    await db.query('select audit.seal()')

    const attempt = db.query(statement)

    await expect(attempt).toBreakRule(rule)
  })
})
