import { faults, inFunction, sql } from '../harness/setup.ts'

const missing = (trigger: string, table: string) => ({
  [`${trigger} is missing from ${table}`]: sql`drop trigger ${trigger} on ${table}`,
})

export default faults({
  'B1.3.2': {
    ...missing('inserts_are_audited', 'auth.users'),
    ...missing('updates_are_audited', 'auth.users'),
    ...missing('deletes_are_audited', 'auth.users'),
    ...missing('truncates_are_audited', 'auth.users'),
    ...missing('inserts_are_audited', 'auth.sessions'),
    ...missing('updates_are_audited', 'auth.sessions'),
    ...missing('deletes_are_audited', 'auth.sessions'),
    ...missing('truncates_are_audited', 'auth.sessions'),
    ...missing('inserts_are_audited', 'auth.legal_acceptance'),
    ...missing('deletes_are_audited', 'auth.legal_acceptance'),
    ...missing('truncates_are_audited', 'auth.legal_acceptance'),
    'a change is recorded twice': sql`create trigger twice after update on auth.users for each row execute function audit.capture_update('registered_on')`,
    'a bulk change is recorded once': inFunction('audit.rows_of_auth_users', [
      'from touched t',
      'from (select * from touched limit 1) t',
    ]),
    'only updates of the address are captured': sql`drop trigger updates_are_audited on auth.users;
      create trigger updates_are_audited after update of email on auth.users
        for each row execute function audit.capture_update('registered_on')`,
    'a statement that writes nothing is recorded': sql`create trigger every_statement after update on auth.users
      for each statement execute function audit.capture_truncate()`,
    'every column is called changed': inFunction('audit.capture_update', [
      'n.value is distinct from was -> n.key and',
      '',
    ]),
    'only columns that may be copied are called changed': inFunction('audit.capture_update', [
      `coalesce(jsonb_agg(n.key order by n.key), '[]')`,
      `coalesce(jsonb_agg(n.key order by n.key) filter (where n.key = any (may_be_copied)), '[]')`,
    ]),
    'old and new are swapped': inFunction(
      'audit.capture_update',
      [`'old', coalesce`, `'swap', coalesce`],
      [`'new', coalesce`, `'old', coalesce`],
      [`'swap'`, `'new'`],
    ),
    'what was deleted is called new': inFunction('audit.rows_of_auth_legal_acceptance', [
      `else 'old' end`,
      `else 'new' end`,
    ]),
    'a row that changes its id is recorded under the new one': inFunction('audit.capture_update', [
      'old.id',
      'new.id',
    ]),
    'every row is said to be of users': inFunction('audit.rows_of_auth_sessions', [
      `tg_table_schema || '.' || tg_table_name`,
      `'auth.users'`,
    ]),
    'the operation is lost': inFunction('audit.rows_of_auth_users', ['lower(tg_op)', `'insert'`]),
    'replica mode is not captured': sql`alter table auth.users enable trigger updates_are_audited`,
    'rows of a session that nobody may write are lost without an error': inFunction(
      'audit.rows_of_auth_users',
      ['return null;', 'return null;\nexception when others then return null;'],
      ['from touched t', 'from touched t where 1 / (random() * 0)::int = 1'],
    ),
  },
})
