import { clusterSql, faults, sql } from '../harness/setup.ts'

const member = (role: string) => clusterSql(`grant ${role} to hma_app`, `revoke ${role} from hma_app`)

/** A second lock refuses every change of the schema; it is taken off, so that the grant alone decides. */
const unguarded = 'alter event trigger the_owner_changes_the_schema disable;'

const onThisDatabase = (grant: string) =>
  sql`${unguarded} do $$ begin execute format('grant ${grant} on database %I to hma_app', current_database()); end $$`

export default faults([
  { criterion: 'C1.2.1', breaks: 'the application is a member of the owner', plant: member('hma_owner') },
  {
    criterion: 'C1.2.1',
    breaks: 'the application is a member of the role that signs people in',
    plant: member('hma_auth_definer'),
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the owner is not bound',
    plant: sql`alter table auth.users no force row level security`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the owner has a policy that shows all',
    plant: sql`create policy owners_see_sessions on auth.sessions to hma_owner using (true)`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'whoever signs people in can delete them',
    plant: sql`grant delete on auth.users to hma_auth_definer`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'whoever signs people in can change them',
    plant: sql`grant update (email) on auth.users to hma_auth_definer`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'whoever signs people in reads what they accepted',
    plant: sql`grant select on auth.legal_acceptance to hma_auth_definer`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'whoever signs people in reads birth dates',
    plant: sql`grant select on auth.users to hma_auth_definer`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the backup is filtered',
    plant: clusterSql('alter role hma_backup nobypassrls', 'alter role hma_backup bypassrls'),
  },
  {
    criterion: 'C1.2.1',
    breaks: 'users are not guarded',
    plant: sql`alter table auth.users disable row level security`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'sessions are shown to everybody',
    plant: sql`create policy sessions_are_public on auth.sessions using (true)`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'acceptances are not guarded, so that COPY writes them',
    plant: sql`alter table auth.legal_acceptance disable row level security`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the application can empty a table',
    plant: sql`grant truncate on auth.sessions to hma_app`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'a leaf of the audit log is granted',
    plant: sql`grant usage on schema audit to hma_app;
      do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(clock_timestamp())); end $$`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the application can create in public',
    plant: sql`${unguarded} grant usage, create on schema public to hma_app`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the application can create in auth',
    plant: sql`${unguarded} grant create on schema auth to hma_app`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the application can create temporary tables',
    plant: onThisDatabase('temporary'),
  },
  { criterion: 'C1.2.1', breaks: 'the application can create schemas', plant: onThisDatabase('create') },
  {
    criterion: 'C1.2.1',
    breaks: 'the application can hang a trigger on a table',
    plant: sql`${unguarded} grant trigger on auth.legal_acceptance to hma_app`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the identity trusts the search path',
    plant: sql`alter function auth.current_user_id() reset search_path`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'a policy asks a function that trusts the search path',
    plant: sql`create function auth.is_me(id uuid) returns boolean language sql stable as 'select $1 = auth.current_user_id()';
      grant execute on function auth.is_me(uuid) to hma_app;
      alter policy people_see_themselves on auth.users using (auth.is_me(id))`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'signing out trusts the search path',
    plant: sql`create or replace function auth.end_session(token_hash bytea) returns boolean language plpgsql security definer as $$ begin
      update auth.sessions s set ended_at = clock_timestamp() where s.token_hash = end_session.token_hash; return found; end $$`,
  },
])
