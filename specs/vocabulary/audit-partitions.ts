// The monthly partitions (leaves) of the audit log. Months are those of the database's clock, in UTC.
import type { Session } from '../../harness/index.ts'

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

/** Name of the leaf that a row lies in. */
export function leafOfRow(db: Session, id: string): Promise<string> {
  return db.value(
    'select c.relname from audit.audit_log l join pg_class c on c.oid = l.tableoid where l.id = $1',
    [id],
  )
}

/** Makes leaves of months, past ones too. */
export async function createLeaves(db: Session, ...ahead: number[]): Promise<void> {
  for (const months of ahead) await db.query(`select audit.create_leaf((${monthStart(months)})::date)`)
}

/** Takes months away as a superuser can who passes by the event triggers; ordinary DDL is recorded, or refused. */
export async function dropLeaves(db: Session, ...leaves: string[]): Promise<void> {
  await db.query(`set session_replication_role = replica;
    drop table ${leaves.map((leaf) => `audit.${leaf}`).join(', ')};
    set session_replication_role = origin`)
}
