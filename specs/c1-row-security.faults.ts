import { clusterSql, faults, sql } from '../harness/setup.ts'

const member = (role: string) => clusterSql(`grant ${role} to hma_app`, `revoke ${role} from hma_app`)

/** A second lock refuses every change of the schema; it is taken off, so that the grant alone decides. */
const unguarded = 'alter event trigger the_owner_changes_the_schema disable;'

const onThisDatabase = (grant: string) =>
  sql`${unguarded} do $$ begin execute format('grant ${grant} on database %I to hma_app', current_database()); end $$`

export default faults({
  'C1.2.1': {
    'the application is a member of the owner': member('hma_owner'),
    'the application is a member of the role that signs people in': member('hma_auth_definer'),
    'the owner is not bound': sql`alter table auth.users no force row level security`,
    'the owner has a policy that shows all': sql`create policy owners_see_sessions on auth.sessions to hma_owner using (true)`,
    'whoever signs people in can delete them': sql`grant delete on auth.users to hma_auth_definer`,
    'whoever signs people in can change them': sql`grant update (email) on auth.users to hma_auth_definer`,
    'whoever signs people in reads what they accepted': sql`grant select on auth.legal_acceptance to hma_auth_definer`,
    'whoever signs people in reads birth dates': sql`grant select on auth.users to hma_auth_definer`,
    'the backup is filtered': clusterSql(
      'alter role hma_backup nobypassrls',
      'alter role hma_backup bypassrls',
    ),
    'users are not guarded': sql`alter table auth.users disable row level security`,
    'sessions are shown to everybody': sql`create policy sessions_are_public on auth.sessions using (true)`,
    'acceptances are not guarded, so that COPY writes them': sql`alter table auth.legal_acceptance disable row level security`,
    'the application can empty a table': sql`grant truncate on auth.sessions to hma_app`,
    'a leaf of the audit log is granted': sql`grant usage on schema audit to hma_app;
      do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(clock_timestamp())); end $$`,
    'the application can create in public': sql`${unguarded} grant usage, create on schema public to hma_app`,
    'the application can create in auth': sql`${unguarded} grant create on schema auth to hma_app`,
    'the application can create temporary tables': onThisDatabase('temporary'),
    'the application can create schemas': onThisDatabase('create'),
    'the application can hang a trigger on a table': sql`${unguarded} grant trigger on auth.legal_acceptance to hma_app`,
    'the identity trusts the search path': sql`alter function auth.current_user_id() reset search_path`,
    'a policy asks a function that trusts the search path': sql`create function auth.is_me(id uuid) returns boolean language sql stable as 'select $1 = auth.current_user_id()';
      grant execute on function auth.is_me(uuid) to hma_app;
      alter policy people_see_themselves on auth.users using (auth.is_me(id))`,
    'signing out trusts the search path': sql`create or replace function auth.end_session(token_hash bytea) returns boolean language plpgsql security definer as $$ begin
      update auth.sessions s set ended_at = clock_timestamp() where s.token_hash = end_session.token_hash; return found; end $$`,
  },
})
