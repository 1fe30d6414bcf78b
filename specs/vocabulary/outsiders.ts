// What logins other than the migrator can call and write, from the live catalog.
import type { Session } from '../../harness/index.ts'
import { sqlstatesOf } from './errors.ts'

/** Functions of ours, and none of an extension, that a login may execute and the migrator is not needed for. */
const FUNCTIONS = `
  select p.* from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname !~ '^(pg_|information_schema|postgis)'
     and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     and exists (
         select from pg_roles r where r.rolcanlogin and not r.rolsuper and has_schema_privilege(r.oid, n.oid, 'usage')
            and has_function_privilege(r.oid, p.oid, 'execute'))`

/** Types of their parameters. */
export function parametersOfOutsiders(db: Session): Promise<string[]> {
  return db.column(
    `select distinct t::regtype::text from (${FUNCTIONS}) f, unnest(f.proargtypes) t order by 1`,
  )
}

/** Calls each function with `secret` for every parameter, as that role; returns the errors as the client receives them. */
export async function callEachWith(db: Session, app: Session, secret: string): Promise<string[]> {
  const calls = await db.column(
    `select format('select %s(%s)', f.oid::regproc,
              (select string_agg('$1', ', ') from generate_series(1, f.pronargs)))
       from (${FUNCTIONS}) f where f.pronargs > 0 order by 1`,
  )
  const errors: string[] = []
  for (const call of calls) errors.push(await errorOfCall(app, call.replaceAll('$1', `'${secret}'`)))
  return errors
}

function errorOfCall(app: Session, call: string): Promise<string> {
  return app.query(call).then(
    () => '',
    (error: Error) => JSON.stringify({ ...error, message: error.message }),
  )
}

/** Columns of text or bytes that one of these roles may write. */
function textsFor(db: Session, roles: string[]): Promise<{ table: string; name: string }[]> {
  return db.query(
    `select distinct a.attrelid::regclass::text as table, a.attname as name
       from pg_attribute a join pg_class c on c.oid = a.attrelid, unnest($1::text[]) r
      where a.attnum > 0 and not a.attisdropped and a.atttypid in ('text'::regtype, 'bytea'::regtype, 'varchar'::regtype, 'jsonb'::regtype)
        and c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
        and (has_column_privilege(r, a.attrelid, a.attnum, 'insert') or has_column_privilege(r, a.attrelid, a.attnum, 'update'))
      order by 1, 2`,
    [roles],
  )
}

/** As text, as an address, as bytes or as JSON it is valid but for its length. */
const LONG = `case pg_typeof(r.%I)::text when 'bytea' then '\\x' || repeat('00', 100000) when 'jsonb' then format('[%s0]', repeat('0,', 100000))
  else repeat('x', 100000) || '@example.org' end`

/**
 * Those of these columns in which a copy of a row with a value of a hundred thousand characters breaks no check. In replica mode, where
 * no trigger refuses it first. Every table needs a row.
 */
export async function unboundedTextsFor(db: Session, ...roles: string[]): Promise<string[]> {
  const columns = await textsFor(db, roles)
  await db.query('set session_replication_role = replica')
  const sqlstates = await sqlstatesOf(
    db,
    columns.map(
      ({ table, name }) =>
        `insert into ${table} select (jsonb_populate_record(r, jsonb_build_object('${name}', ${LONG.replace('%I', name)}))).* from ${table} r limit 1`,
    ),
  )
  return columns.filter((_, at) => sqlstates[at] !== '23514').map(({ table, name }) => `${table}.${name}`)
}
