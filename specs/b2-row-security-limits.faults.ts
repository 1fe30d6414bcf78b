import { clusterSql, edit, faults, sql } from '../harness/setup.ts'

export default faults({
  'B2.1.7': {
    'a limit is not written down': edit(
      'docs/row-security.md',
      '| TRUNCATE asks no policy |',
      '| Emptying a table |',
    ),
    'a limit is written down that nothing shows': edit(
      'docs/row-security.md',
      '\n| TRUNCATE asks no policy |',
      '\n| a dump is read by whoever has it | keep it safe |\n| TRUNCATE asks no policy |',
    ),
    'the backup is filtered after all': clusterSql(
      'alter role hma_backup nobypassrls',
      'alter role hma_backup bypassrls',
    ),
    'addresses are not unique, so that they tell nothing': sql`drop index auth.users_own_their_email`,
    'the function that finds credentials is bound by its caller': sql`create or replace function auth.find_credentials(email text) returns table (user_id uuid, password_hash text)
      language sql stable security definer set search_path = '' begin atomic
        select u.id, u.password_hash from auth.users u where u.email = find_credentials.email and u.id = auth.current_user_id(); end`,
  },
})
