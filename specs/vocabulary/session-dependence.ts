// Rules whose outcome depends on who asks, from where or with which settings: that is how a rule gets a back door which no list of
// logins and settings would find. From the live catalog.
import type { Session } from '../../harness/index.ts'

/** With which an expression or a function asks about its session; a setting by its name. */
const WORDS =
  "\\m(current_setting(?:\\('+[\\w.]+)?|session_user|current_user|current_role|user|system_user|application_name|inet_\\w+|pg_backend_pid|pg_trigger_depth|pg_stat_\\w+|pg_settings|current_query|row_security_active|pg_has_role|has_\\w+_privilege|current_date|current_time|current_timestamp|localtime|localtimestamp|random)\\M"

/** What may ask: who identified the transaction, which login and request an audit row names, and who wrote it. */
export const SESSION_DEPENDENCE = {
  auth: ['function current_user_id: backtrace_functions', 'function identify: backtrace_functions'],
  audit: [
    'default audit_log.actor_role: session_user',
    'default audit_removal.removed_by: session_user',
    'function actor: backtrace_functions is_superuser pg_has_role session_user',
    'function append: hma.request session_user',
    'function refuse_forged_row: current_user session_user',
    'function rows_of_auth_legal_acceptance: hma.request session_user',
    'function rows_of_auth_sessions: hma.request session_user',
    'function rows_of_auth_users: hma.request session_user',
    'function seal: transaction_isolation',
    'function watch: hma.request session_user',
    'trigger audit_rows_are_captured: current_user pg_trigger_depth',
  ],
  ops: ['default schema_migration.applied_by: session_user'],
  reference: [],
  ml: [],
}

/** Every expression of the schema and every body of a function, with what it belongs to. */
const TEXTS = `
  select 'rule ' || k.conname as name, pg_get_constraintdef(k.oid) as body
    from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype = 'c' and c.relnamespace = $1::regnamespace and k.conparentid = 0
  union all
  select 'index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = $1::regnamespace and not c.relispartition
  union all
  select format('default %s.%s', c.relname, a.attname), pg_get_expr(d.adbin, d.adrelid)
    from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum
   where c.relnamespace = $1::regnamespace and not c.relispartition
  union all
  select 'view ' || c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relkind in ('v', 'm') and c.relnamespace = $1::regnamespace
  union all
  select 'rule ' || r.rulename, pg_get_ruledef(r.oid) from pg_rewrite r join pg_class c on c.oid = r.ev_class
   where r.rulename <> '_RETURN' and c.relnamespace = $1::regnamespace
  union all
  select 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where not t.tgisinternal and t.tgparentid = 0 and c.relnamespace = $1::regnamespace
  union all
  select 'policy ' || p.polname, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = $1::regnamespace
  union all
  select 'function ' || p.proname, regexp_replace(coalesce(p.prosrc, '') || coalesce(pg_get_function_sqlbody(p.oid), ''), '--[^\\n]*', '', 'g')
    from pg_proc p where p.pronamespace = $1::regnamespace and p.prokind = 'f'`

/** What asks about its session, with the words, as `function append: hma.request session_user`. */
export function sessionDependence(db: Session, schema: string): Promise<string[]> {
  return db.column(
    `select name || ': ' || string_agg(distinct word, ' ' order by word)
       from (select name, regexp_replace(lower(found[1]), '.*''', '') as word from (${TEXTS}) t, regexp_matches(t.body, $2, 'gi') found) asked
      group by name order by name`,
    [schema, WORDS],
  )
}

/** Names of the settings that functions and expressions of the schema read. */
export function settingsReadIn(db: Session, schema: string): Promise<string[]> {
  return db.column(
    `select distinct setting[1] from (${TEXTS}) t, regexp_matches(t.body, 'current_setting\\(''([^'']+)''', 'g') setting order by 1`,
    [schema],
  )
}
