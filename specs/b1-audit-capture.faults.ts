import { faults, inFunction, sql } from '../harness/setup.ts'

const missing = (trigger: string, table: string) => ({
  criterion: 'B1.3.2',
  breaks: `${trigger} is missing from ${table}`,
  plant: sql`drop trigger ${trigger} on ${table}`,
})

export default faults([
  missing('inserts_are_audited', 'auth.users'),
  missing('updates_are_audited', 'auth.users'),
  missing('deletes_are_audited', 'auth.users'),
  missing('truncates_are_audited', 'auth.users'),
  missing('inserts_are_audited', 'auth.sessions'),
  missing('updates_are_audited', 'auth.sessions'),
  missing('deletes_are_audited', 'auth.sessions'),
  missing('truncates_are_audited', 'auth.sessions'),
  missing('inserts_are_audited', 'auth.legal_acceptance'),
  missing('deletes_are_audited', 'auth.legal_acceptance'),
  missing('truncates_are_audited', 'auth.legal_acceptance'),
  {
    criterion: 'B1.3.2',
    breaks: 'a change is recorded twice',
    plant: sql`create trigger twice after update on auth.users for each row execute function audit.capture_update('registered_on')`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a bulk change is recorded once',
    plant: inFunction('audit.rows_of_auth_users', [
      'from touched t',
      'from (select * from touched limit 1) t',
    ]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'only updates of the address are captured',
    plant: sql`drop trigger updates_are_audited on auth.users;
      create trigger updates_are_audited after update of email on auth.users
        for each row execute function audit.capture_update('registered_on')`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a statement that writes nothing is recorded',
    plant: sql`create trigger every_statement after update on auth.users
      for each statement execute function audit.capture_truncate()`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'every column is called changed',
    plant: inFunction('audit.capture_update', ['n.value is distinct from was -> n.key and', '']),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'only columns that may be copied are called changed',
    plant: inFunction('audit.capture_update', [
      `coalesce(jsonb_agg(n.key order by n.key), '[]')`,
      `coalesce(jsonb_agg(n.key order by n.key) filter (where n.key = any (may_be_copied)), '[]')`,
    ]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'old and new are swapped',
    plant: inFunction(
      'audit.capture_update',
      [`'old', coalesce`, `'swap', coalesce`],
      [`'new', coalesce`, `'old', coalesce`],
      [`'swap'`, `'new'`],
    ),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'what was deleted is called new',
    plant: inFunction('audit.rows_of_auth_legal_acceptance', [`else 'old' end`, `else 'new' end`]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'a row that changes its id is recorded under the new one',
    plant: inFunction('audit.capture_update', ['old.id', 'new.id']),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'every row is said to be of users',
    plant: inFunction('audit.rows_of_auth_sessions', [
      `tg_table_schema || '.' || tg_table_name`,
      `'auth.users'`,
    ]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'the operation is lost',
    plant: inFunction('audit.rows_of_auth_users', ['lower(tg_op)', `'insert'`]),
  },
  {
    criterion: 'B1.3.2',
    breaks: 'replica mode is not captured',
    plant: sql`alter table auth.users enable trigger updates_are_audited`,
  },
  {
    criterion: 'B1.3.2',
    breaks: 'rows of a session that nobody may write are lost without an error',
    plant: inFunction(
      'audit.rows_of_auth_users',
      ['return null;', 'return null;\nexception when others then return null;'],
      ['from touched t', 'from touched t where 1 / (random() * 0)::int = 1'],
    ),
  },
])
