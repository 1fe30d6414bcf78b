// What analytics shows, and what it must not.
import type { Database, Session } from '../../harness/index.ts'
import { matrix } from './matrix.ts'

/** Views of figures, and the column by which each groups people. */
export const VIEWS = Object.keys(matrix.schemas.analytics?.views ?? {})

/** Every value that any view shows this session, as text. */
export async function shownTo(reader: Session): Promise<string[]> {
  const rows = await reader.query<{ value: string }>(
    VIEWS.map((view) => `select v.value from analytics.${view} r, jsonb_each_text(to_jsonb(r)) v`).join(
      ' union ',
    ),
  )
  return rows.map(({ value }) => value)
}

/** Every value that stands for a person or a secret, as text: by the classification of the columns, and all ids. */
export async function personalValuesIn(db: Database): Promise<string[]> {
  const columns = await db.query<{ relation: string; name: string }>(
    `select a.attrelid::regclass::text as relation, quote_ident(a.attname) as name
       from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
        and (col_description(a.attrelid, a.attnum) ~ '^\\[(personal|secret)\\]' or a.atttypid = 'uuid'::regtype)`,
  )
  const rows = await db.query<{ value: string }>(
    columns
      .map(({ relation, name }) => `select to_jsonb(${name}) #>> '{}' as value from ${relation}`)
      .join(' union '),
  )
  return rows.map(({ value }) => value)
}
