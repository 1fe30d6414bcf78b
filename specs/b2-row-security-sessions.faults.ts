import { faults, inFunction, sql } from '../harness/setup.ts'

/** Whose session it is, found in another way: `found` is what must be true of the session. */
const identity = (found: string) =>
  sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer set search_path = '' return (
        select s.user_id from auth.sessions s
         where s.token_hash = (select decode(substring(t from '^([0-9a-f]{64})_'), 'hex') from current_setting('backtrace_functions') t)
           and ${found})`

/** Identification that notes the session in another way. */
const identify = (body: string) =>
  sql`create or replace function auth.identify(token_hash bytea, request_id text default null) returns uuid
      language plpgsql security definer set search_path = '' as $$ begin ${body} return auth.current_user_id(); end $$`

export default faults({
  'B2.1.5': {
    'expiry is not checked': identity('s.ended_at is null'),
    'expiry is checked against the start of the transaction': identity(
      's.ended_at is null and s.expires_at > now()',
    ),
    'the end of a session is not checked': identity('s.expires_at > clock_timestamp()'),
    'ended sessions are active and active ones are not': identity(
      's.ended_at is not null and s.expires_at > clock_timestamp()',
    ),
    'the session is checked only when it is identified': sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer
          set search_path = '' return nullif(current_setting('hma.user', true), '')::uuid;
      create or replace function auth.identify(token_hash bytea, request_id text default null) returns uuid
      language plpgsql security definer set search_path = '' as $$ begin
        perform set_config('hma.user', coalesce((select s.user_id::text from auth.sessions s where s.token_hash = identify.token_hash
                                                    and s.ended_at is null and s.expires_at > clock_timestamp()), ''), true);
        return auth.current_user_id(); end $$`,
    'an ended session can become active again': sql`drop trigger sessions_end_once on auth.sessions`,
    'ending a session does nothing': sql`create or replace function auth.end_session(token_hash bytea) returns boolean language sql security definer set search_path = '' return true`,
    'ending a session ends all sessions': sql`create or replace function auth.end_session(token_hash bytea) returns boolean language plpgsql security definer set search_path = '' as $$ begin
      update auth.sessions set ended_at = clock_timestamp(); return found; end $$`,
    'any token is accepted while somebody is signed in': sql`create or replace function auth.current_user_id() returns uuid language sql stable security definer set search_path = ''
      return (select user_id from auth.sessions where ended_at is null and current_setting('backtrace_functions') <> '' limit 1)`,
    'a missing token raises an error': identify(
      `execute format('set local backtrace_functions = %s', encode(token_hash, 'hex'));`,
    ),
    'sessions outlive their user': sql`alter table auth.sessions drop constraint sessions_belong_to_a_user`,
    'a minute of grace': inFunction('auth.current_user_id', [
      's.expires_at > clock_timestamp()',
      "s.expires_at > clock_timestamp() - interval '1 minute'",
    ]),
    'a session that expires during the transaction goes on': inFunction('auth.current_user_id', [
      's.expires_at > clock_timestamp()',
      's.expires_at > now()',
    ]),
    'a session that was ended in this transaction goes on': inFunction('auth.current_user_id', [
      's.ended_at is null',
      '(s.ended_at is null or s.ended_at > now())',
    ]),
  },
})
