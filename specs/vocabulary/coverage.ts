// Triggers that the tables of `auth` need, and the columns that the audit copies.
import type { Session } from '../../harness/index.ts'

/** Bits of pg_trigger.tgtype. */
const ROW = 1
const BEFORE = 2
const EVENTS = { insert: 4, delete: 8, update: 16, truncate: 32 }

/** Purpose, function (null: the table's own function), bits of tgtype, and when enabled: A always, O in origin mode. */
const REQUIRED_TRIGGERS = [
  ['audit of insert', null, EVENTS.insert, 'A'],
  ['audit of update', 'audit.capture_update', EVENTS.update | ROW, 'A'],
  ['audit of delete', null, EVENTS.delete, 'A'],
  ['audit of truncate', 'audit.capture_truncate', EVENTS.truncate, 'A'],
  ['timestamps on insert', 'ops.stamp_times', EVENTS.insert | BEFORE | ROW, 'O'],
  ['timestamps on update', 'ops.stamp_times', EVENTS.update | BEFORE | ROW, 'O'],
]

/**
 * Required triggers that a table of `auth` lacks, or a leaf: the triggers of statements do not fire for what is written to a leaf by its
 * name. A trigger that is disabled, conditional or limited to columns does not count.
 */
export function missingTriggers(db: Session): Promise<string[]> {
  const required = REQUIRED_TRIGGERS.map(([name, fn, type, enabled]) => ({
    name,
    function: fn,
    type,
    enabled,
  }))
  return db.column(
    `select format('%s.%s: %s', c.relnamespace::regnamespace, c.relname, n.name)
       from pg_class c, jsonb_to_recordset($1) as n (name text, function text, type int, enabled text)
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p')
        and not exists (
            select from pg_trigger t
             where t.tgrelid = c.oid and t.tgfoid = to_regprocedure(coalesce(n.function || '()', audit.capture_of(c.oid))) and t.tgenabled in ('A', n.enabled)
               and t.tgtype & n.type = n.type and t.tgtype & 3 = n.type & 3 and t.tgqual is null and t.tgattr = ''::int2vector)
      order by 1`,
    [JSON.stringify(required)],
  )
}

/** Tables whose inserts are audited. */
export function auditedTables(db: Session): Promise<string[]> {
  return db.column(
    `select tgrelid::regclass::text from pg_trigger where tgname = 'inserts_are_audited' order by 1`,
  )
}

/** Kinds of changes that are audited, by table, as `TRUNCATE users`. */
export function auditedKinds(db: Session): Promise<string[]> {
  return db.column(
    `select upper(e.name) || ' ' || c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid, jsonb_each_text($1) e (name, bit)
      where c.relnamespace = 'auth'::regnamespace and t.tgname like '%_are_audited' and t.tgtype & e.bit::int <> 0 order by 1`,
    [JSON.stringify(EVENTS)],
  )
}

/** Columns whose class in the comment says `audited`, by table, as `auth.users: registered_on`. */
export function auditedColumns(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s: %s', c.oid::regclass, string_agg(a.attname, ', ' order by a.attname))
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'auth'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
        and col_description(c.oid, a.attnum) ~ '^\\[[a-z]+, audited\\] '
      group by c.oid order by 1`,
  )
}

/** Columns whose values the records of that action hold, by table. */
export function copiedColumns(db: Session, action: 'insert' | 'delete'): Promise<string[]> {
  return db.column(
    `select distinct format('%s: %s', entity, (
         select string_agg(k, ', ' order by k) from jsonb_object_keys(coalesce(details -> 'new', details -> 'old')) k))
       from audit.audit_log where action = $1 order by 1`,
    [action],
  )
}

/** Columns that the update triggers may copy, by table. */
export function copyableInUpdates(db: Session): Promise<string[]> {
  return db.column(
    `select format('%s: %s', tgrelid::regclass, (
         select string_agg(a, ', ' order by a) from unnest(string_to_array(encode(tgargs, 'escape'), '\\000')) a where a <> ''))
       from pg_trigger where tgfoid = 'audit.capture_update'::regproc and tgnargs > 0 order by 1`,
  )
}
