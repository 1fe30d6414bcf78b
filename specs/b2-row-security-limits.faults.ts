import { clusterSql, edit, faults, sql } from '../harness/setup.ts'

export default faults({
  'B2.1.7': {
    'a limit is missing from the documentation': edit(
      'docs/row-security.md',
      '| TRUNCATE ignores policies |',
      '| Emptying a table |',
    ),
    'the documentation names a limit that no test shows': edit(
      'docs/row-security.md',
      '\n| TRUNCATE ignores policies |',
      '\n| anybody who has a dump can read it | keep it safe |\n| TRUNCATE ignores policies |',
    ),
    'row security filters the backup': clusterSql(
      'alter role hma_backup nobypassrls',
      'alter role hma_backup bypassrls',
    ),
    'addresses are not unique': sql`drop index auth.users_own_their_email`,
    'the function that finds credentials is bound by the policies of its caller': sql`create or replace function auth.find_credentials(email text) returns table (user_id uuid, password_hash text)
      language sql stable security definer set search_path = '' begin atomic
        select u.id, u.password_hash from auth.users u where u.email = find_credentials.email and u.id = auth.current_user_id(); end`,
  },
})
