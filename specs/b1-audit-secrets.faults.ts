import { faults, inFunction, sql } from '../harness/setup.ts'

const allowed = (column: string, table: string, trigger: string, on: string) => ({
  criterion: 'B1.3.3',
  breaks: `${column} of ${table} may be copied by ${on}`,
  plant: sql`do $$ declare was text := (select pg_get_triggerdef(oid) from pg_trigger
      where tgrelid = '${table}'::regclass and tgname = '${trigger}'); begin
    execute format('drop trigger %I on %s', '${trigger}', '${table}');
    execute regexp_replace(was, '''id''', '''id'', ''${column}''');
  end $$`,
})

export default faults([
  allowed('email', 'auth.users', 'inserts_are_audited', 'insert'),
  allowed('email', 'auth.users', 'updates_are_audited', 'update'),
  allowed('password_hash', 'auth.users', 'inserts_are_audited', 'insert'),
  allowed('password_hash', 'auth.users', 'updates_are_audited', 'update'),
  allowed('date_of_birth', 'auth.users', 'deletes_are_audited', 'delete'),
  allowed('date_of_birth', 'auth.users', 'updates_are_audited', 'update'),
  allowed('token_hash', 'auth.sessions', 'inserts_are_audited', 'insert'),
  allowed('token_hash', 'auth.sessions', 'deletes_are_audited', 'delete'),
  {
    criterion: 'B1.3.3',
    breaks: 'inserts and deletes copy every column',
    plant: inFunction('audit.capture_rows', ['to_jsonb(t) - denied', 'to_jsonb(t)']),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'what is not named is copied where nothing is named',
    plant: inFunction('audit.capture_rows', [`coalesce(tg_argv, '{}')`, 'tg_argv']),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'only the columns of today are denied',
    plant: inFunction('audit.capture_rows', [
      'a.attnum > 0 and',
      `a.attnum between 1 and 8 and a.attname <> 'nickname' and`,
    ]),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'updates copy every column as it was',
    plant: inFunction('audit.capture_update', [
      'was -> n.key) filter (where n.key = any (tg_argv))',
      'was -> n.key)',
    ]),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'updates copy every column as it is',
    plant: inFunction('audit.capture_update', [
      'n.value)      filter (where n.key = any (tg_argv))',
      'n.value)',
    ]),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'a refused registration keeps the address',
    plant: inFunction('auth.register', [`'attempt',`, `'address', register.email, 'attempt',`]),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'a refused registration keeps the birth date',
    plant: inFunction('auth.register', [`'attempt',`, `'born', register.date_of_birth, 'attempt',`]),
  },
  {
    criterion: 'B1.3.3',
    breaks: 'the step that ends a session leaves no record',
    plant: sql`drop trigger updates_are_audited on auth.sessions`,
  },
])
