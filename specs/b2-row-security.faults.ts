import { faults, sql } from '../harness/setup.ts'

/** The identity, asked for in another way. */
const identity = (body: string) =>
  sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer
      set search_path = '' return (${body})`

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
  'B2.1.3': {
    'without identity all users are visible': sql`alter policy people_see_themselves on auth.users using (coalesce(id = (select auth.current_user_id()), true))`,
    'row security is off': sql`alter table auth.legal_acceptance disable row level security`,
    'without identity acceptances can be written for all users': sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (coalesce(user_id = (select auth.current_user_id()), true))`,
    'without identity every session can be ended': sql`create policy sessions_are_swept on auth.sessions to public using (auth.current_user_id() is null)`,
    'the identity is a setting that anybody can write': identity(
      `nullif(current_setting('hma.user_id', true), '')::uuid`,
    ),
    'the identity is a setting that the audit might use': identity(
      `nullif(current_setting('hma.actor', true), '')::uuid`,
    ),
    'a connection without identity has that of the user whom it is named after': identity(
      `coalesce((select user_id from auth.sessions where starts_with(current_setting('backtrace_functions'), encode(token_hash, 'hex') || '_')),
         (select user_id from auth.sessions where user_id::text = current_setting('application_name') limit 1))`,
    ),
    'a connection from a trusted network has the identity that it names': identity(
      `select user_id from auth.sessions where starts_with(current_setting('backtrace_functions'), encode(token_hash, 'hex') || '_')
         or inet_client_addr() << '10.99.0.0/16' and user_id::text = current_setting('hma.trusted', true)`,
    ),
    'an empty setting raises an error': identity(
      `select user_id from auth.sessions where id = left(current_setting('backtrace_functions'), 32)::uuid`,
    ),
    'the id of a user or a session is accepted as identity': identity(
      `select user_id from auth.sessions where current_setting('hma.session', true) in (user_id::text, id::text)
         or starts_with(current_setting('backtrace_functions'), encode(token_hash, 'hex') || '_')`,
    ),
    'a value that is not a hash raises an error': identity(
      `select user_id from auth.sessions where token_hash = decode(left(current_setting('backtrace_functions'), 64), 'hex')`,
    ),
    'only the first digits of a hash are compared': identity(
      `select user_id from auth.sessions where left(nullif(current_setting('backtrace_functions'), ''), 60) = left(encode(token_hash, 'hex'), 60) limit 1`,
    ),
    'without identity the acceptances are seen': sql`create policy more on auth.legal_acceptance for select to hma_app using ((select auth.current_user_id()) is null)`,
    'without identity users who registered long ago can be deleted': sql`create policy dormant_users_are_removed on auth.users for delete to hma_app using (registered_on < date '2020-01-01')`,
    'without identity a row can be changed': sql`create policy more on auth.users for update to hma_app using ((select auth.current_user_id()) is null)`,
  },
})
