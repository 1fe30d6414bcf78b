// What a database contains, in a form that two databases can be compared by: the source at its snapshot, and the restored one.
import type pg from 'pg'
import { readCatalog } from '../../migrations/runner/drift.ts'
import type { Contents } from './manifest.ts'

/** Rows as text must not depend on the settings of a login. */
const SAME_TEXT = `set local search_path = ''; set local timezone = 'UTC'; set local datestyle = 'ISO, MDY';
  set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set local extra_float_digits = 1;
  set local lock_timeout = '30s'; set local statement_timeout = '2h'`

/** In the caller's transaction, from one snapshot. */
export async function readContents(client: pg.Client): Promise<Contents> {
  const catalog = (await readCatalog(client)) as Contents['catalog']
  await client.query(SAME_TEXT)
  const tables: Contents['tables'] = {}
  for (const name of await column(client, TABLES)) tables[name] = await readTable(client, name)
  const { rows: sequences } = await client.query<[string, string | null]>({
    text: SEQUENCES,
    rowMode: 'array',
  })
  return {
    tables,
    sequences: Object.fromEntries(sequences),
    catalog,
    extensions: await column(client, EXTENSIONS),
  }
}

/** Leaves of partitioned tables are tables of their own here. Tables of extensions belong to the extension. */
const TABLES = `
select format('%I.%I', n.nspname, c.relname)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by 1`

const SEQUENCES = `select format('%I.%I', schemaname, sequencename), last_value::text from pg_catalog.pg_sequences order by 1`

const EXTENSIONS = 'select extname from pg_catalog.pg_extension order by 1'

/** The name comes from the catalog, quoted. By functions of Postgres, and not by `::text`, which calls a cast that the owner has made. */
async function readTable(client: pg.Client, name: string): Promise<{ rows: number; hash: string }> {
  const { rows } = await client.query<{ rows: string; hash: string }>(
    `select count(*) as rows, coalesce(sum(hashtextextended(textin(record_out(t)), 0)), 0)::text as hash from only ${name} t`,
  )
  return { rows: Number(rows[0]?.rows), hash: rows[0]?.hash ?? '' }
}

async function column(client: pg.Client, text: string): Promise<string[]> {
  const { rows } = await client.query<[string]>({ text, rowMode: 'array' })
  return rows.map(([value]) => value)
}
