import { faults, inFunction, sql } from '../harness/setup.ts'

const revoked = (description: string, what: string) => ({
  [description]: sql`revoke ${what} from hma_app`,
})

export default faults({
  'C1.0.1': {
    'a user can accept one document only': sql`create unique index acceptances_by_user on auth.legal_acceptance (user_id)`,
    'a registration whose request has a long id fails': inFunction('auth.register', [
      'left(request_id, 100)',
      'request_id',
    ]),
    'an identified request with a long id fails': inFunction('auth.identify', [
      'left(request_id, 100)',
      'request_id',
    ]),
    ...revoked(
      'the application cannot register',
      'execute on function auth.register(text, text, text, text)',
    ),
    ...revoked('the application cannot find credentials', 'execute on function auth.find_credentials(text)'),
    ...revoked(
      'the application cannot open a session',
      'execute on function auth.start_session(text, bytea, text)',
    ),
    ...revoked('the application cannot end a session', 'execute on function auth.end_session(bytea)'),
    ...revoked('the application cannot read documents', 'select on reference.legal_documents'),
    ...revoked('the application cannot read users', 'select (email) on auth.users'),
    ...revoked('the application cannot read sessions', 'select (expires_at) on auth.sessions'),
    ...revoked(
      'the application cannot read the times of a session',
      'select (created_at, updated_at) on auth.sessions',
    ),
    ...revoked('the application cannot read acceptances', 'select on auth.legal_acceptance'),
    ...revoked(
      'the application cannot record an acceptance',
      'insert (document_id) on auth.legal_acceptance',
    ),
    ...revoked('the application cannot change an address', 'update (email) on auth.users'),
    ...revoked('the application cannot change a password', 'update (password_hash) on auth.users'),
    ...revoked('the application cannot delete an account', 'delete on auth.users'),
    'registration runs as the caller': sql`alter function auth.register(text, text, text, text) security invoker`,
    'credentials are found only in one letter case': sql`create or replace function auth.find_credentials(email text) returns table (user_id uuid, password_hash text)
      language sql stable security definer set search_path = ''
      begin atomic select u.id, u.password_hash from auth.users u where u.email = find_credentials.email; end`,
    'an ended session still gives an identity': inFunction('auth.current_user_id', [
      'and s.ended_at is null',
      '',
    ]),
    'the identity ends after one statement': inFunction('auth.identify', [
      'return auth.current_user_id();',
      `declare who uuid := auth.current_user_id(); begin perform set_config('backtrace_functions', '', true); return who; end;`,
    ]),
    'with row security a user does not see own sessions': sql`do $$ begin if exists (select from pg_policy where polname = 'people_see_their_sessions') then
        execute 'drop policy people_see_their_sessions on auth.sessions'; end if;
        comment on table auth.sessions is 'as injected'; end $$`,
  },
})
