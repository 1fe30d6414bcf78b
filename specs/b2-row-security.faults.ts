import { faults, sql } from '../harness/setup.ts'

/** The identity, asked for in another way. */
const identity = (body: string) =>
  sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer
      set search_path = '' return (${body})`

export default faults([
  {
    criterion: 'B2.1.1',
    breaks: 'a table is not enabled',
    plant: sql`alter table auth.sessions disable row level security`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'a table is not forced on its owner',
    plant: sql`alter table auth.users no force row level security`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'a table was added without row security',
    plant: sql`create table auth.later (user_id uuid)`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'a partitioned table is guarded and its leaf is not',
    plant: sql`create table auth.later (user_id uuid) partition by list (user_id);
      create table auth.later_of_all partition of auth.later default;
      alter table auth.later enable row level security, force row level security`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'people are copied where no row security can be',
    plant: sql`create materialized view auth.later as select email from auth.users`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'registration has no policy of its own',
    plant: sql`drop policy registration_adds_users on auth.users`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'sign-in has no policy of its own',
    plant: sql`drop policy sessions_are_opened on auth.sessions`,
  },
  {
    criterion: 'B2.1.1',
    breaks: 'figures have no policy of their own',
    plant: sql`drop policy users_are_counted on auth.users`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody reads every user',
    plant: sql`alter policy people_see_themselves on auth.users using (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody reads every session',
    plant: sql`alter policy people_see_their_sessions on auth.sessions using (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody reads every acceptance',
    plant: sql`alter policy people_see_their_acceptances on auth.legal_acceptance using (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'a permissive policy for all was added',
    plant: sql`create policy support_sees_users on auth.users using (email like '%@example.org')`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'nobody reads own rows',
    plant: sql`drop policy people_see_themselves on auth.users`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'the policy looks at another column',
    plant: sql`alter policy people_see_their_sessions on auth.sessions using (id = (select auth.current_user_id()))`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'the policy says the contrary',
    plant: sql`alter policy people_see_themselves on auth.users using (id <> (select auth.current_user_id()))`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'a policy to change reads as one to read',
    plant: sql`drop policy people_delete_themselves on auth.users;
      create policy people_delete_themselves on auth.users to hma_app using (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody changes every user that is not asked for by name',
    plant: sql`alter policy people_change_themselves on auth.users using (true) with check (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody deletes every user',
    plant: sql`alter policy people_delete_themselves on auth.users using (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'everybody ends every session',
    plant: sql`alter policy people_end_their_sessions on auth.sessions using (true) with check (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'nobody can change own rows',
    plant: sql`drop policy people_change_themselves on auth.users`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'an acceptance can be written for another',
    plant: sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'an acceptance cannot be written for oneself',
    plant: sql`drop policy people_accept_for_themselves on auth.legal_acceptance`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'an own row can be given away',
    plant: sql`alter policy people_change_themselves on auth.users with check (true)`,
  },
  {
    criterion: 'B2.1.2',
    breaks: 'a row that hides is an error',
    plant: sql`create function auth.refuse() returns boolean language plpgsql as $$ begin raise insufficient_privilege; end $$;
      alter policy people_see_themselves on auth.users using (id = (select auth.current_user_id()) or auth.refuse())`,
  },
  {
    criterion: 'B2.1.3',
    breaks: 'who is nobody sees everybody',
    plant: sql`alter policy people_see_themselves on auth.users using (coalesce(id = (select auth.current_user_id()), true))`,
  },
  {
    criterion: 'B2.1.3',
    breaks: 'row security is off',
    plant: sql`alter table auth.legal_acceptance disable row level security`,
  },
  {
    criterion: 'B2.1.3',
    breaks: 'who is nobody accepts for everybody',
    plant: sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (coalesce(user_id = (select auth.current_user_id()), true))`,
  },
  {
    criterion: 'B2.1.3',
    breaks: 'who is nobody ends every session',
    plant: sql`create policy sessions_are_swept on auth.sessions to public using (auth.current_user_id() is null)`,
  },
  {
    criterion: 'B2.1.3',
    breaks: 'the identity is a setting that anybody can write',
    plant: identity(`nullif(current_setting('hma.user_id', true), '')::uuid`),
  },
  {
    criterion: 'B2.1.3',
    breaks: 'the identity is the actor of the audit',
    plant: identity(`nullif(current_setting('hma.actor', true), '')::uuid`),
  },
  {
    criterion: 'B2.1.3',
    breaks: 'an empty setting is an error',
    plant: identity(
      `select user_id from auth.sessions where id = current_setting('hma.session', true)::uuid`,
    ),
  },
  {
    criterion: 'B2.1.3',
    breaks: 'the id of a user or of a session will do',
    plant: identity(
      `select user_id from auth.sessions where current_setting('hma.session', true) in (encode(token_hash, 'hex'), user_id::text, id::text)`,
    ),
  },
  {
    criterion: 'B2.1.3',
    breaks: 'whatever is no hash is an error',
    plant: identity(
      `select user_id from auth.sessions where token_hash = decode(nullif(current_setting('hma.session', true), ''), 'hex')`,
    ),
  },
  {
    criterion: 'B2.1.3',
    breaks: 'a hash is recognised by its first digits',
    plant: identity(
      `select user_id from auth.sessions where left(nullif(current_setting('hma.session', true), ''), 60) = left(encode(token_hash, 'hex'), 60) limit 1`,
    ),
  },
])
