// What the analytics views show, and personal values, which they must not show.
import type { Database, Session } from '../../harness/index.ts'
import { matrix } from './matrix.ts'

/** Names of the views of schema analytics. */
export const ANALYTICS_VIEWS = Object.keys(matrix.schemas.analytics?.views ?? {})

/** Every value of every view that this session can read, as text. */
export async function valuesVisibleTo(reader: Session): Promise<string[]> {
  return reader.column(
    ANALYTICS_VIEWS.map(
      (view) => `select v.value from analytics.${view} r, jsonb_each_text(to_jsonb(r)) v`,
    ).join(' union '),
  )
}

/** Every personal or secret value, as text: by the classes of the columns, and all ids. */
export async function personalValuesIn(db: Database): Promise<string[]> {
  const columns = await db.query<{ relation: string; name: string }>(
    `select a.attrelid::regclass::text as relation, quote_ident(a.attname) as name
       from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
        and (col_description(a.attrelid, a.attnum) ~ '^\\[(personal|secret)[],]' or a.atttypid = 'uuid'::regtype)`,
  )
  return db.column(
    columns
      .map(({ relation, name }) => `select to_jsonb(${name}) #>> '{}' as value from ${relation}`)
      .join(' union '),
  )
}
