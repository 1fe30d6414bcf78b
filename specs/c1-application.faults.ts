import { faults, inFunction, sql } from '../harness/setup.ts'

const revoke = (breaks: string, what: string) => ({
  [breaks]: sql`revoke ${what} from hma_app`,
})

export default faults({
  'C1.0.1': {
    ...revoke(
      'the application may not register',
      'execute on function auth.register(text, text, date, text)',
    ),
    ...revoke('the application may not find credentials', 'execute on function auth.find_credentials(text)'),
    ...revoke(
      'the application may not open a session',
      'execute on function auth.start_session(uuid, bytea, interval)',
    ),
    ...revoke('the application may not end a session', 'execute on function auth.end_session(bytea)'),
    ...revoke('the application may not read documents', 'select on reference.legal_documents'),
    ...revoke('the application may not read users', 'select (email) on auth.users'),
    ...revoke('the application may not read sessions', 'select (expires_at) on auth.sessions'),
    ...revoke('the application may not read acceptances', 'select on auth.legal_acceptance'),
    ...revoke(
      'the application may not record an acceptance',
      'insert (document_id) on auth.legal_acceptance',
    ),
    ...revoke('the application may not change an address', 'update (email) on auth.users'),
    ...revoke('the application may not change a password', 'update (password_hash) on auth.users'),
    ...revoke('the application may not delete an account', 'delete on auth.users'),
    'registration runs as the caller': sql`alter function auth.register(text, text, date, text) security invoker`,
    'credentials are found in one letter case': sql`create or replace function auth.find_credentials(email text) returns table (user_id uuid, password_hash text)
      language sql stable security definer set search_path = ''
      begin atomic select u.id, u.password_hash from auth.users u where u.email = find_credentials.email; end`,
    'a session that ended still identifies': inFunction('auth.current_user_id', [
      'and s.ended_at is null',
      '',
    ]),
    'identity lasts for one statement': inFunction('auth.identify', [
      'return auth.current_user_id();',
      `declare who uuid := auth.current_user_id(); begin perform set_config('hma.session', '', true); return who; end;`,
    ]),
    'under row security a user does not see the own sessions': sql`do $$ begin if exists (select from pg_policy where polname = 'people_see_their_sessions') then
        execute 'drop policy people_see_their_sessions on auth.sessions'; end if;
        comment on table auth.sessions is 'as planted'; end $$`,
  },
})
