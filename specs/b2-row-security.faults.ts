import { faults, sql } from '../harness/setup.ts'

export default faults({
  'B2.1.1': {
    'row security of a table is not enabled': sql`alter table auth.sessions disable row level security`,
    'row security of a table is not forced on its owner': sql`alter table auth.users no force row level security`,
    'a new table has no row security': sql`create table auth.later (user_id uuid)`,
    'a partitioned table has row security and its leaf has not': sql`create table auth.later (user_id uuid) partition by list (user_id);
      create table auth.later_of_all partition of auth.later default;
      alter table auth.later enable row level security, force row level security`,
    'users are copied into a materialized view': sql`create materialized view auth.later as select email from auth.users`,
    'the policy for registration is missing': sql`drop policy registration_adds_users on auth.users`,
    'the policy for signing in is missing': sql`drop policy sessions_are_opened on auth.sessions`,
    'the policy for analytics is missing': sql`drop policy users_are_counted on auth.users`,
  },
  'B2.1.2': {
    'the application reads every user': sql`alter policy people_see_themselves on auth.users using (true)`,
    'the application reads every session': sql`alter policy people_see_their_sessions on auth.sessions using (true)`,
    'the application reads every acceptance': sql`alter policy people_see_their_acceptances on auth.legal_acceptance using (true)`,
    'a permissive policy for all roles exists': sql`create policy support_sees_users on auth.users using (email like '%@example.org')`,
    'a user cannot read own rows': sql`drop policy people_see_themselves on auth.users`,
    'the policy compares another column': sql`alter policy people_see_their_sessions on auth.sessions using (id = (select auth.current_user_id()))`,
    'the policy is negated': sql`alter policy people_see_themselves on auth.users using (id <> (select auth.current_user_id()))`,
    'the delete policy is replaced by one for all commands': sql`drop policy people_delete_themselves on auth.users;
      create policy people_delete_themselves on auth.users to hma_app using (true)`,
    'the application changes every user': sql`alter policy people_change_themselves on auth.users using (true) with check (true)`,
    'the application deletes every user': sql`alter policy people_delete_themselves on auth.users using (true)`,
    'the application ends every session': sql`alter policy people_end_their_sessions on auth.sessions using (true) with check (true)`,
    'a user cannot change own rows': sql`drop policy people_change_themselves on auth.users`,
    'an acceptance can be written for another user': sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (true)`,
    'an acceptance cannot be written for oneself': sql`drop policy people_accept_for_themselves on auth.legal_acceptance`,
    'an own row can be moved to another user': sql`alter policy people_change_themselves on auth.users with check (true)`,
    'a hidden row raises an error': sql`create function auth.refuse() returns boolean language plpgsql as $$ begin raise insufficient_privilege; end $$;
      alter policy people_see_themselves on auth.users using (id = (select auth.current_user_id()) or auth.refuse())`,
    'an acceptance for another with a known document': sql`create policy more on auth.legal_acceptance for insert to hma_app with check (document_id is not null)`,
    'users who registered long ago can be deleted': sql`create policy dormant_users_are_removed on auth.users for delete to hma_app using (registered_on < date '2020-01-01')`,
    'every row of a new table is seen': sql`create table auth.later (user_id uuid); alter table auth.later enable row level security, force row level security;
      create policy later_is_seen on auth.later for select to hma_app using (true)`,
    'sessions of others can be ended once they expired': sql`create policy more on auth.sessions for update to hma_app using (expires_at < now())`,
  },
})
