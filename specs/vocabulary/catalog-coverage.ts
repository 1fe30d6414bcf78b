// Which columns of the catalogs no digest of the runner contains.
import { join } from 'node:path'
import type { Database, Project } from '../../harness/index.ts'
import type { Column } from '../../migrations/runner/catalog-query.ts'

const COLUMNS = `select c.relname as catalog, a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attnum > 0
    and a.attname <> 'oid' order by c.relname, a.attnum`

type Runner = typeof import('../../migrations/runner/catalog-query.ts')

/** By catalog: the columns whose value is in no digest, or `all`. What is only asked on the way to another value does not count. */
export async function columnsLeftOut({ root }: Project, db: Database): Promise<Record<string, string>> {
  const runner: Runner = await import(join(root, 'migrations/runner/catalog-query.ts'))
  const { ours } = await runner.readParts(async (text) => db.query<Column>(text))
  const digests = new Map(
    ours
      .split('\nunion all ')
      .map((part) => /'(\w+) ' \|\| row\((.*)\)::text as content/s.exec(part)?.slice(1) as [string, string]),
  )
  const columns = await db.query<{ catalog: string; name: string }>(COLUMNS)
  const left = columns.filter(({ catalog, name }) => !contains(digests.get(catalog) ?? '', name))
  const named = [...Map.groupBy(left, ({ catalog }) => catalog)].map(([catalog, own]) => [
    catalog,
    digests.has(catalog) ? own.map(({ name }) => name).join(' ') : 'all',
  ])
  return Object.fromEntries(named)
}

function contains(digest: string, column: string): boolean {
  return new RegExp(`\\bt\\.${column}\\b`).test(digest)
}
