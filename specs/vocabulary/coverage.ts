// What the catalog says about triggers on the tables of `auth`, for specs that demand that none is left out.
import type { Session } from '../../harness/index.ts'

/** Bits of pg_trigger.tgtype. */
const ROW = 1
const BEFORE = 2
const EVENTS = { insert: 4, delete: 8, update: 16, truncate: 32 }

/** What every table needs: what it is called here, its function or null for the table's own, the event, when it fires. */
const NEEDED = [
  ...Object.entries(EVENTS).map(([event, bit]) => [
    `actors before ${event}`,
    'audit.note_actor',
    bit | BEFORE,
    'A',
  ]),
  ['audit of insert', null, EVENTS.insert, 'A'],
  ['audit of update', 'audit.capture_update', EVENTS.update | ROW, 'A'],
  ['audit of delete', null, EVENTS.delete, 'A'],
  ['audit of truncate', 'audit.capture_truncate', EVENTS.truncate, 'A'],
  ['times on insert', 'ops.stamp_times', EVENTS.insert | BEFORE | ROW, 'O'],
  ['times on update', 'ops.stamp_times', EVENTS.update | BEFORE | ROW, 'O'],
]

/** What each table of `auth` lacks. A trigger that is off, conditional, or looks at some columns only does not count. */
export async function gapsIn(db: Session): Promise<string[]> {
  const rows = await db.query<{ gap: string }>(
    `select format('%s.%s: %s', c.relnamespace::regnamespace, c.relname, n.name) as gap
       from pg_class c, jsonb_to_recordset($1) as n (name text, function text, type int, fires text)
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (
            select from pg_trigger t
             where t.tgrelid = c.oid and t.tgfoid = to_regprocedure(coalesce(n.function || '()', audit.capture_of(c.oid))) and t.tgenabled in ('A', n.fires)
               and t.tgtype & n.type = n.type and t.tgtype & 3 = n.type & 3 and t.tgqual is null and t.tgattr = ''::int2vector)
      order by 1`,
    [JSON.stringify(NEEDED.map(([name, fn, type, fires]) => ({ name, function: fn, type, fires })))],
  )
  return rows.map(({ gap }) => gap)
}

/** Names of columns by table, as `auth.users: registered_on`. */
type Columns = string[]

/** What is commented [internal], but for what a record has of its own: the row's id, and its stamps. */
export async function internalColumnsIn(db: Session): Promise<Columns> {
  const rows = await db.query<{ named: string }>(
    `select format('%s: %s', c.oid::regclass, string_agg(a.attname, ', ' order by a.attname)) as named
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
        and col_description(c.oid, a.attnum) like '[internal]%' and a.attname not in ('id', 'created_at', 'updated_at')
      group by c.oid order by 1`,
  )
  return rows.map(({ named }) => named)
}

/** What the records of one action in the log hold of each table's rows. */
export async function copiedBy(db: Session, action: 'insert' | 'delete'): Promise<Columns> {
  const rows = await db.query<{ named: string }>(
    `select distinct format('%s: %s', entity, (
         select string_agg(k, ', ' order by k) from jsonb_object_keys(coalesce(details -> 'new', details -> 'old')) k)) as named
       from audit.audit_log where action = $1 order by 1`,
    [action],
  )
  return rows.map(({ named }) => named)
}

/** What the triggers of updates are allowed to copy. */
export async function allowedToUpdatesIn(db: Session): Promise<Columns> {
  const rows = await db.query<{ named: string }>(
    `select format('%s: %s', tgrelid::regclass, (
         select string_agg(a, ', ' order by a) from unnest(string_to_array(encode(tgargs, 'escape'), '\\000')) a where a <> '')) as named
       from pg_trigger where tgfoid = 'audit.capture_update'::regproc order by 1`,
  )
  return rows.map(({ named }) => named)
}
