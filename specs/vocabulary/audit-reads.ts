// How much of the audit log a statement reads, whatever plan it has.
import type { Session } from '../../harness/index.ts'
import { monthStart } from './audit-partitions.ts'
import { sealLog } from './audit-seals.ts'

/** Inserts audit rows of this month, which only a superuser may do without a change. */
export async function insertAuditRows(db: Session, count: number): Promise<void> {
  await db.query(`
    insert into audit.audit_log (id, occurred_at, action, entity, row_hash)
    select id, at, 'insert', 'auth.users', audit.digest(
             audit.circumstances(at, 'insert', 'auth.users', null, session_user, null, pg_current_xact_id()), id, null, '{}')
      from (select nextval('audit.audit_log_id') as id, ${monthStart(0)} as at from generate_series(1, ${count})) e`)
}

/** Seals so many windows of so many rows each; the planner knows afterwards how many there are. */
export async function sealWindows(db: Session, windows: number, rows: number): Promise<void> {
  for (let window = 0; window < windows; window++) {
    await insertAuditRows(db, rows)
    await sealLog(db)
  }
  await db.query('analyze audit.audit_log, audit.audit_seal')
}

const READ_SO_FAR = `select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int
  from pg_stat_xact_all_tables where schemaname = 'audit' and starts_with(relname, 'audit_log')`

/** How many rows of the log the statement reads; a row that is read twice counts twice. */
export async function rowsReadBy(db: Session, statement: string): Promise<number> {
  await db.query('begin')
  const before = await db.value<number>(READ_SO_FAR)
  await db.query(statement)
  const after = await db.value<number>(READ_SO_FAR)
  await db.query('commit')
  return after - before
}
