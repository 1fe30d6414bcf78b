// Who wrote each row of a database last, and the last numbers of its sequences: an apply that does nothing
// must change neither.
import type { Database } from '../../harness/index.ts'
import { ROLES } from './matrix.ts'

/** Rows that autovacuum writes whenever it likes. */
const STATISTICS = ['pg_statistic', 'pg_statistic_ext_data']

/** Tables of this database alone, Postgres's own ones among them. */
const OWN_TABLES = `select c.oid::regclass::text from pg_class c
  where c.relkind = 'r' and c.relpersistence = 'p' and not c.relisshared and c.relname <> all ($1)
    and c.relnamespace not in ('pg_toast'::regnamespace, 'information_schema'::regnamespace)`

const OUR_ROLES = `(select oid from pg_authid where rolname in (${ROLES.map((role) => `'${role}'`).join(', ')}))`
/** Of the tables of the whole server the rows that belong to this database or to our roles: other specs write other rows. */
const SHARED_ROWS: Record<string, string> = {
  pg_authid: `oid in ${OUR_ROLES}`,
  pg_auth_members: `member in ${OUR_ROLES}`,
  pg_database: 'datname = current_database()',
  pg_db_role_setting: `setrole in ${OUR_ROLES}`,
  pg_parameter_acl: 'true',
}

/** A number that is drawn changes neither place nor writer of the sequence's row. */
const NUMBERS = `select format('sequence %I.%I', schemaname, sequencename) as place, 1 as rows,
       last_value::text as digest from pg_sequences`

/** Each table with a digest of place and last writer (xmin) of its rows, each sequence with its number. */
export async function lastWritersOf(db: Database): Promise<unknown[]> {
  const tables = await db.column(OWN_TABLES, [STATISTICS])
  const places: [table: string, rows: string][] = tables.map((table) => [table, 'true'])
  const digests = [...places, ...Object.entries(SHARED_ROWS)].map(
    ([table, rows]) => `select '${table}' as place, count(*)::int as rows,
       md5(string_agg(concat_ws(' ', ctid, xmin), ',' order by ctid)) as digest from ${table} where ${rows}`,
  )
  return db.query(`${[...digests, NUMBERS].join(' union all ')} order by 1`)
}
