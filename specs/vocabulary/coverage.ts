// What the catalog says about triggers on the tables of `auth`, for specs that demand that none is left out.
import type { Session } from '../../harness/index.ts'

/** Bits of pg_trigger.tgtype. */
const ROW = 1
const BEFORE = 2
const EVENTS = { insert: 4, delete: 8, update: 16, truncate: 32 }

/** Each guard that every table needs: what it is called here, its function, the event, how it fires, whether always. */
const NEEDED = [
  ...Object.entries(EVENTS).map(([event, bit]) => [
    `actors before ${event}`,
    'audit.note_actor',
    bit | BEFORE,
    'A',
  ]),
  ['audit of insert', 'audit.capture_rows', EVENTS.insert, 'A'],
  ['audit of update', 'audit.capture_update', EVENTS.update | ROW, 'A'],
  ['audit of delete', 'audit.capture_rows', EVENTS.delete, 'A'],
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
             where t.tgrelid = c.oid and t.tgfoid = n.function::regproc and t.tgenabled in ('A', n.fires)
               and t.tgtype & n.type = n.type and t.tgtype & 3 = n.type & 3 and t.tgqual is null and t.tgattr = ''::int2vector)
      order by 1`,
    [JSON.stringify(NEEDED.map(([name, fn, type, fires]) => ({ name, function: fn, type, fires })))],
  )
  return rows.map(({ gap }) => gap)
}

/**
 * Where the columns a trigger may copy differ from those whose comment begins with [internal]. The time of the last change
 * is internal and not copied: the record has its own.
 */
export function allowedButNotInternal(db: Session): Promise<unknown[]> {
  return db.query(
    `with captured as (
       select tgrelid, tgname, array_remove(string_to_array(encode(tgargs, 'escape'), '\\000'), '') as allowed
         from pg_trigger
        where tgfoid in ('audit.capture_rows'::regproc, 'audit.capture_update'::regproc)),
     internal as (
       select attrelid, array_agg(attname::text order by attname) as columns
         from pg_attribute
        where attnum > 0 and attname <> 'updated_at' and col_description(attrelid, attnum) like '[internal]%' group by attrelid)
     select tgrelid::regclass::text as table, tgname as trigger, allowed, columns as internal
       from captured left join internal on attrelid = tgrelid
      where (select array_agg(a order by a) from unnest(allowed) a) is distinct from columns`,
  )
}
