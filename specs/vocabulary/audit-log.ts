// The verbs specs use for the audit log. Months are those of the database's clock, in UTC.
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

/** A Postgres expression: the first moment of the month that lies so many months ahead, or back. */
export function monthStart(ahead: number): string {
  return `((date_trunc('month', now() at time zone 'utc') + interval '${ahead} months') at time zone 'utc')`
}

/** Name of the leaf of a month. */
export function leafName(db: Session, ahead: number): Promise<string> {
  return db.value(`select 'audit_log_' || to_char(${monthStart(ahead)} at time zone 'utc', 'YYYY_MM')`)
}

/** Names of the leaves of consecutive months. */
export async function leafNames(db: Session, from: number, to: number): Promise<string[]> {
  const rows = await db.query<{ leaf: string }>(
    `select 'audit_log_' || to_char(date_trunc('month', now() at time zone 'utc') + make_interval(months => n), 'YYYY_MM') as leaf
       from generate_series($1::int, $2) n order by n`,
    [from, to],
  )
  return rows.map(({ leaf }) => leaf)
}

/** Bounds of every leaf that there is, by name, as a client in UTC reads them. */
export async function leafBounds(db: Session): Promise<string[]> {
  const rows = await db.query<{ bounds: string }>(
    `select relname || ' ' || pg_get_expr(relpartbound, oid) as bounds from pg_class
      where relispartition and oid in (select inhrelid from pg_inherits where inhparent = 'audit.audit_log'::regclass)
      order by relname`,
  )
  return rows.map(({ bounds }) => bounds)
}

/** What the bounds of consecutive months have to be. */
export async function expectedLeafBounds(db: Session, from: number, to: number): Promise<string[]> {
  const rows = await db.query<{ bounds: string }>(
    `select format('audit_log_%s FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYY_MM'),
                   day || '+00', (day + interval '1 month') || '+00') as bounds
       from generate_series($1::int, $2) n,
            lateral (select date_trunc('month', now() at time zone 'utc') + make_interval(months => n)) as m (day)
      order by n`,
    [from, to],
  )
  return rows.map(({ bounds }) => bounds)
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

/** Makes leaves of months, past ones too. */
export async function createLeaves(db: Session, ...ahead: number[]): Promise<void> {
  for (const months of ahead) await db.query(`select audit.create_leaf((${monthStart(months)})::date)`)
}

/** Name of the leaf that a row lies in. */
export function leafOfRow(db: Session, id: string): Promise<string> {
  return db.value(
    'select c.relname from audit.audit_log l join pg_class c on c.oid = l.tableoid where l.id = $1',
    [id],
  )
}

/** Takes months away as a superuser can who passes by the event triggers; ordinary DDL is recorded, or refused. */
export async function dropLeaves(db: Session, ...leaves: string[]): Promise<void> {
  await db.query(`set session_replication_role = replica;
    drop table ${leaves.map((leaf) => `audit.${leaf}`).join(', ')};
    set session_replication_role = origin`)
}

/** What a refused attempt says, or null when it was accepted. */
export async function errorOf(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => null,
    (thrown: { code?: string; constraint?: string; table?: string }) => thrown,
  )
  return error && { code: error.code, rule: error.constraint, table: error.table }
}

/** SQLSTATE of each statement tried alone, even by a role that reads only; null where one was accepted. */
export async function sqlstatesOf(session: Session, statements: string[]): Promise<(string | null)[]> {
  await session.query('set default_transaction_read_only = off')
  const answers: (string | null)[] = []
  for (const statement of statements) answers.push((await errorOf(session.query(statement)))?.code ?? null)
  return answers
}

/** What the log says about changes of the schema. */
export function ddlRecords(db: Session): Promise<unknown[]> {
  return db.query(
    `select entity, actor_role, details from audit.audit_log where action = 'ddl' and actor_role <> 'postgres'`,
  )
}

/** How many sessions of this database wait for a lock. */
export function countLockWaiters(db: Session): Promise<number> {
  return db.value(
    `select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
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

/** All that stands in the log, as one text. */
export function auditLogAsText(db: Session): Promise<string> {
  return db.value(`select coalesce(string_agg(l::text, e'\\n'), '') from audit.audit_log l`)
}
