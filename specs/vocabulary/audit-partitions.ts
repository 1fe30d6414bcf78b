// The leaves (monthly partitions) of the audit log. Months are those of the database's clock, in UTC.
import type { Session } from '../../harness/index.ts'
import { insertAuditRow } from './audit-log.ts'

/** A Postgres expression: the first moment of the month that is so many months ahead of the current one. */
export function monthStart(ahead: number): string {
  return `((date_trunc('month', now() at time zone 'utc') + interval '${ahead} months') at time zone 'utc')`
}

/** Name of the leaf of a month. */
export async function leafName(db: Session, ahead: number): Promise<string> {
  const [name = ''] = await leafNames(db, ahead, ahead)
  return name
}

/** Names of the leaves of consecutive months. */
export async function leafNames(db: Session, from: number, to: number): Promise<string[]> {
  return db.column(
    `select 'audit_log_' || to_char(date_trunc('month', now() at time zone 'utc') + make_interval(months => n), 'YYYY_MM') as leaf
       from generate_series($1::int, $2) n order by n`,
    [from, to],
  )
}

/** Name and bounds of every leaf, as a client in UTC reads them. */
export function leafBounds(db: Session): Promise<string[]> {
  return db.column(
    `select relname || ' ' || pg_get_expr(relpartbound, oid) as bounds from pg_class
      where relispartition and oid in (select inhrelid from pg_inherits where inhparent = 'audit.audit_log'::regclass)
      order by relname`,
  )
}

/** What leafBounds has to be for consecutive months. */
export function expectedLeafBounds(db: Session, from: number, to: number): Promise<string[]> {
  return db.column(
    `select format('audit_log_%s FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYY_MM'),
                   day || '+00', (day + interval '1 month') || '+00') as bounds
       from generate_series($1::int, $2) n,
            lateral (select date_trunc('month', now() at time zone 'utc') + make_interval(months => n)) as m (day)
      order by n`,
    [from, to],
  )
}

export async function leafExists(db: Session, ahead: number): Promise<boolean> {
  return db.value(`select to_regclass('audit.${await leafName(db, ahead)}') is not null`)
}

/** Name of the leaf that contains a row. */
export function leafOfRow(db: Session, id: string): Promise<string> {
  return db.value(
    'select c.relname from audit.audit_log l join pg_class c on c.oid = l.tableoid where l.id = $1',
    [id],
  )
}

/** Creates the leaves of months, which may be past months. */
export async function createLeaves(db: Session, ...ahead: number[]): Promise<void> {
  for (const months of ahead) await db.query(`select audit.create_leaf((${monthStart(months)})::date)`)
}

/** Drops leaves in replica mode, where the event triggers that record or refuse DDL do not fire. */
export async function dropLeaves(db: Session, ...leaves: string[]): Promise<void> {
  await db.query(`set session_replication_role = replica;
    drop table ${leaves.map((leaf) => `audit.${leaf}`).join(', ')};
    set session_replication_role = origin`)
}

/** Of each table what it refuses always and whatever the row, as `table: delete update of a row, truncate of a statement`. */
export function refusedChanges(db: Session, tables: string[]): Promise<string[]> {
  return db.column(
    `select format('%s: %s', relid, string_agg(what, ', ' order by what))
       from (select t.tgrelid::regclass as relid, concat_ws(' ',
                    case when t.tgtype & 8 <> 0 then 'delete' end, case when t.tgtype & 16 <> 0 then 'update' end,
                    case when t.tgtype & 32 <> 0 then 'truncate' end,
                    case when t.tgtype & 1 <> 0 then 'of a row' else 'of a statement' end) as what
               from pg_trigger t
              where t.tgrelid = any ($1::regclass[]) and t.tgfoid = 'ops.refuse_change'::regproc and t.tgtype & 2 <> 0
                and t.tgenabled = 'A' and t.tgqual is null and t.tgattr = ''::int2vector) r
      group by relid order by relid::text`,
    [tables],
  )
}

/** Inserts a row into every leaf that exists; returns the names of the leaves. */
export async function fillEachLeaf(db: Session): Promise<string[]> {
  const leaves = await db.query<{ leaf: string; start: string }>(
    `select c.relname as leaf, substring(pg_get_expr(c.relpartbound, c.oid) from $$FROM \\('([^']+)'\\)$$) as start
       from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit.audit_log'::regclass order by 1`,
  )
  for (const { start } of leaves) await insertAuditRow(db, `timestamptz '${start}'`)
  return leaves.map(({ leaf }) => leaf)
}
