import { faults, inFunction, sql } from '../harness/setup.ts'

/** The identity, asked for in another way. */
const identity = (body: string) =>
  sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer
      set search_path = '' return (${body})`

export default faults({
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
    'hash and user may be parted at any place': inFunction('auth.current_user_id', [
      `and substr(current_setting('backtrace_functions'), 65, 1) = '_'`,
      '',
    ]),
    'what follows the hash may be of any length': inFunction('auth.current_user_id', [
      "length(current_setting('backtrace_functions')) = 97 and",
      '',
    ]),
    'capital letters are digits, too': inFunction('auth.current_user_id', [
      "~ '^[0-9a-f]+_",
      "~* '^[0-9a-f]+_",
    ]),
    'more than digits may follow the hash': inFunction('auth.current_user_id', [
      "_[0-9a-f]+$'",
      "_[0-9a-f]+'",
    ]),
    'without identity the acceptances are seen': sql`create policy more on auth.legal_acceptance for select to hma_app using ((select auth.current_user_id()) is null)`,
    'without identity users who registered long ago can be deleted': sql`create policy dormant_users_are_removed on auth.users for delete to hma_app using (registered_on < date '2020-01-01')`,
    'without identity a row can be changed': sql`create policy more on auth.users for update to hma_app using ((select auth.current_user_id()) is null)`,
    'one more table shows every row': sql`create table auth.later (user_id uuid);
      insert into auth.later values (gen_random_uuid());
      alter table auth.later enable row level security, force row level security;
      grant select (user_id) on auth.later to hma_app;
      create policy later_is_seen on auth.later for select to hma_app using (true)`,
  },
})
