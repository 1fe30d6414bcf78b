import { clusterSql, faults, sql } from '../harness/setup.ts'

const member = (role: string) => clusterSql(`grant ${role} to hma_app`, `revoke ${role} from hma_app`)

/** A second lock refuses every change of the schema; it is taken off, so that the grant alone decides. */
const unguarded = 'alter event trigger the_owner_changes_the_schema disable;'

const onThisDatabase = (grant: string) =>
  sql`${unguarded} do $$ begin execute format('grant ${grant} on database %I to hma_app', current_database()); end $$`

export default faults({
  'C1.2.1': {
    'a view that reads as the definer shows the sessions of everybody': sql`
      create view auth.open_sessions as select id, user_id, expires_at from auth.sessions where ended_at is null;
      alter view auth.open_sessions owner to hma_auth_definer;
      grant select on auth.open_sessions to hma_app`,
    'the application is a member of the owner': member('hma_owner'),
    'the application is a member of the auth definer': member('hma_auth_definer'),
    'row security is not forced on the owner': sql`alter table auth.users no force row level security`,
    'a policy shows the owner all rows': sql`create policy owners_see_sessions on auth.sessions to hma_owner using (true)`,
    'the auth definer can delete users': sql`grant delete on auth.users to hma_auth_definer`,
    'the auth definer can change users': sql`grant update (email) on auth.users to hma_auth_definer`,
    'the auth definer can read acceptances': sql`grant select on auth.legal_acceptance to hma_auth_definer`,
    'the auth definer can read birth dates': sql`grant select on auth.users to hma_auth_definer`,
    'row security filters the backup': clusterSql(
      'alter role hma_backup nobypassrls',
      'alter role hma_backup bypassrls',
    ),
    'users have no row security': sql`alter table auth.users disable row level security`,
    'sessions are visible to everybody': sql`create policy sessions_are_public on auth.sessions using (true)`,
    'acceptances have no row security, so COPY can write them': sql`alter table auth.legal_acceptance disable row level security`,
    'the application can truncate a table': sql`grant truncate on auth.sessions to hma_app`,
    'the application can read a leaf of the audit log': sql`grant usage on schema audit to hma_app;
      do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(clock_timestamp())); end $$`,
    'the application can create in public': sql`${unguarded} grant usage, create on schema public to hma_app`,
    'the application can create in auth': sql`${unguarded} grant create on schema auth to hma_app`,
    'the application can create temporary tables': onThisDatabase('temporary'),
    'the application can create schemas': onThisDatabase('create'),
    'the application can create a trigger on a table': sql`${unguarded} grant trigger on auth.legal_acceptance to hma_app`,
    'the identity function depends on the search path': sql`alter function auth.current_user_id() reset search_path`,
    'a policy calls a function that depends on the search path': sql`create function auth.is_me(id uuid) returns boolean language sql stable as 'select $1 = auth.current_user_id()';
      grant execute on function auth.is_me(uuid) to hma_app;
      alter policy people_see_themselves on auth.users using (auth.is_me(id))`,
    'signing out depends on the search path': sql`create or replace function auth.end_session(token_hash bytea) returns boolean language plpgsql security definer as $$ begin
      update auth.sessions s set ended_at = clock_timestamp() where s.token_hash = end_session.token_hash; return found; end $$`,
  },
})
