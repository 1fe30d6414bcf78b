// Reading and writing the audit log.
import type { Session } from '../../harness/index.ts'

export interface AuditRecord {
  action: string
  entity: string
  entity_id: string | null
  actor_id: string | null
  actor_role: string
  request_id: string | null
  transaction_id: string
  details: { changed?: string[]; old?: Record<string, unknown>; new?: Record<string, unknown> }
}

/** The records of the log in order. */
export function auditRecords(db: Session, afterId = '0'): Promise<AuditRecord[]> {
  return db.query<AuditRecord>(
    `select action, entity, entity_id, actor_id, actor_role, request_id, transaction_id, details
       from audit.audit_log where id > $1 order by id`,
    [afterId],
  )
}

/** The records that statements, or a call, add. */
export async function recordsAddedBy(
  db: Session,
  change: string | (() => Promise<unknown>),
): Promise<AuditRecord[]> {
  const lastId = await db.value<string>('select coalesce(max(id), 0) from audit.audit_log')
  await (typeof change === 'string' ? db.query(change) : change())
  return auditRecords(db, lastId)
}

/** Action and table of each record, as `delete auth.users`. */
export function changesIn(records: AuditRecord[]): string[] {
  return records.map(({ action, entity }) => `${action} ${entity}`)
}

/** The records of changes of the schema by logins that are no superusers. */
export function ddlRecords(db: Session): Promise<unknown[]> {
  return db.query(`select login, command, object, statement from guard.ddl_log where login <> 'postgres'`)
}

/** Ids of the rows of each table. */
export async function idsIn(db: Session, tables: string[]): Promise<Record<string, string[]>> {
  const ids: Record<string, string[]> = {}
  for (const table of tables) ids[table] = await db.column(`select id from ${table} order by 1`)
  return ids
}

/** Ids that the records of that action name, by table. */
export async function idsRecorded(
  db: Session,
  tables: string[],
  action: 'insert' | 'delete',
): Promise<Record<string, string[]>> {
  const text = 'select entity_id from audit.audit_log where entity = $1 and action = $2 order by 1'
  const ids: Record<string, string[]> = {}
  for (const table of tables) ids[table] = await db.column(text, [table, action])
  return ids
}

/** The whole log as one text. */
export function auditLogAsText(db: Session): Promise<string> {
  return db.value(`select coalesce(string_agg(l::text, e'\\n'), '') from audit.audit_log l`)
}

/** Inserts an audit row with a time of the caller's choice, which only a superuser may do; returns its id. */
export function insertAuditRow(db: Session, occurredAt: string): Promise<string> {
  return db.value(
    `insert into audit.audit_log (id, occurred_at, action, entity, row_hash)
     select id, at, 'insert', 'auth.users', audit.digest(
              audit.circumstances(at, 'insert', 'auth.users', null, session_user, null, pg_current_xact_id()), id, null, '{}')
       from (select nextval('audit.audit_log_id') as id, (${occurredAt})::timestamptz as at) e
     returning id`,
  )
}
