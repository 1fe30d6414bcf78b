// The class of a column stands at the beginning of its comment, as in `[personal] Email address.` docs/migrations.md defines the classes.
import type { Database } from '../../harness/index.ts'
import { innerCellsOf, objectsOf } from './objects.ts'
import { attemptCells, heldBy } from './privileges.ts'

/** Classes of a schema; an audited column is one whose values are copied into the audit log. A secret is never audited. */
export const AUTH_CLASSES = ['internal', 'internal, audited', 'personal', 'personal, audited', 'secret']
export const ANALYTICS_CLASSES = ['aggregate']

/** Columns of that schema whose comment is not exactly one of these classes followed by a description. */
export async function unclassifiedIn(db: Database, schema: string, classes: string[]): Promise<string[]> {
  return db.column(
    `select format('%I.%I', c.relname, a.attname) as name
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
        and coalesce(col_description(c.oid, a.attnum), '') !~ format('^\\[(%s)\\] [^[]', array_to_string($2::text[], '|'))
      order by 1`,
    [schema, classes],
  )
}

/** Columns of that class, audited or not, that these roles can read with their own privileges; each is tried. */
export async function columnsReadBy(db: Database, roles: string[], ofClass: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select format('%I.%I.%s', n.nspname, c.relname, quote_ident(a.attname)) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where n.nspname !~ '^pg_' and col_description(c.oid, a.attnum) ~ format('^\\[%s(, audited)?\\] ', $1::text)`,
    [ofClass],
  )
  const names = new Set(rows.map(({ name }) => name))
  const cells = innerCellsOf(await objectsOf(db)).filter(
    ({ object, privilege, column }) => privilege === 'select' && names.has(`${object.sql}.${column}`),
  )
  const read = await heldBy(roles, (role) => attemptCells(db, role, cells))
  return Object.entries(read).flatMap(([role, own]) => own.map((cell) => `${role}: ${cell}`))
}

/** Views of analytics that are not a security barrier, or that run as another role than hma_analytics_definer. */
export async function openViewsIn(db: Database): Promise<string[]> {
  return db.column(
    `select relname as name from pg_class
      where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
        and (relkind <> 'v' or relowner <> 'hma_analytics_definer'::regrole
             or not coalesce(reloptions @> '{security_barrier=true}', false)
             or coalesce(reloptions @> '{security_invoker=true}', false))`,
  )
}
