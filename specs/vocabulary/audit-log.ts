// Writing and reading the audit log.
import type { Session } from '../../harness/index.ts'

export interface AuditRecord {
  action: string
  entity: string
  entity_id: string | null
  actor_id: string | null
  actor_role: string
  request_id: string | null
  details: { changed?: string[]; old?: Record<string, unknown>; new?: Record<string, unknown> }
}

/** Writes an audit row at a moment of the caller's choice, as only a superuser may; returns its id. */
export function insertAuditRow(db: Session, moment: string): Promise<string> {
  return db.value(
    `insert into audit.audit_log (id, occurred_at, action, entity, row_hash)
     select id, at, 'insert', 'auth.users', audit.digest(
              audit.circumstances(at, 'insert', 'auth.users', null, session_user, null, pg_current_xact_id()), id, null, '{}')
       from (select nextval('audit.audit_log_id') as id, (${moment})::timestamptz as at) e
     returning id`,
  )
}

/** The records of the log in order, without those of DDL, which a superuser's preparations leave. */
export function auditRecords(db: Session, after = '0'): Promise<AuditRecord[]> {
  return db.query<AuditRecord>(
    `select action, entity, entity_id, actor_id, actor_role, request_id, details
       from audit.audit_log where id > $1 and action <> 'ddl' order by id`,
    [after],
  )
}

/** The records that an act adds. */
export async function recordsAddedBy(db: Session, act: () => Promise<unknown>): Promise<AuditRecord[]> {
  const before = await db.value<string>('select coalesce(max(id), 0) from audit.audit_log')
  await act()
  return auditRecords(db, before)
}

/** What the log says about changes of the schema. */
export function ddlRecords(db: Session): Promise<unknown[]> {
  return db.query(
    `select entity, actor_role, details from audit.audit_log where action = 'ddl' and actor_role <> 'postgres'`,
  )
}

/** All that stands in the log, as one text. */
export function auditLogAsText(db: Session): Promise<string> {
  return db.value(`select coalesce(string_agg(l::text, e'\\n'), '') from audit.audit_log l`)
}
