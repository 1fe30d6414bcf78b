// Columns that may be null, by attempt.
import type { Session } from '../../harness/index.ts'
import { sqlstatesOf } from './errors.ts'

/** Every column of every table of ours; a leaf has the name of its table, because its month changes. */
const COLUMNS = `
  select coalesce(p.parent, t)::regclass || '.' || a.attname as column, a.attname as name, t::text as table
    from pg_class c cross join lateral (select c.oid::regclass as t) q join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join lateral (select i.inhparent::regclass as parent from pg_inherits i where i.inhrelid = c.oid) p on true
   where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)'
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by 1`

/** A copy of a row of the table without a value in that column. */
const without = (table: string, column: string) =>
  `insert into ${table} overriding system value
   select (jsonb_populate_record(r, '{"${column}": null}')).* from ${table} r limit 1`

/** Columns in which a missing value is not refused, and tables without a row to try it with. In replica mode: no trigger fills a value in. */
export async function columnsThatMayBeNull(db: Session): Promise<string[]> {
  const columns = await db.query<{ column: string; name: string; table: string }>(COLUMNS)
  await db.query('set session_replication_role = replica')
  const sqlstates = await sqlstatesOf(
    db,
    columns.map(({ table, name }) => without(table, name)),
  )
  return [...new Set(columns.filter((_, at) => sqlstates[at] !== '23502').map(({ column }) => column))]
}
