import { faults, inFunction, sql } from '../harness/setup.ts'
import { replaceConstraint, replaceTrigger } from './vocabulary/schema-faults.ts'

const replace = (name: string, definition: string) => replaceConstraint('auth.sessions', name, definition)
const drop = (name: string) => sql`alter table auth.sessions drop constraint ${name}`

export default faults({
  'B1.1.7': {
    'a session may name a user that does not exist': drop('sessions_belong_to_a_user'),
    'a session may have no user': sql`alter table auth.sessions alter column user_id drop not null`,
    'a user with sessions cannot be deleted': replace(
      'sessions_belong_to_a_user',
      'foreign key (user_id) references auth.users (id) on delete restrict',
    ),
    'deleting a user deletes the sessions of every user': sql`create function auth.end_all() returns trigger language plpgsql as $$ begin delete from auth.sessions; return null; end $$;
      create trigger sessions_end after delete on auth.users for each statement execute function auth.end_all()`,
    'every column of a session can be updated': sql`drop trigger sessions_stay_what_they_are on auth.sessions`,
    'the token of a session can be updated': replaceTrigger(
      'auth.sessions',
      'sessions_stay_what_they_are',
      'before update of id, user_id, started_at',
      'for each row execute function ops.refuse_change()',
    ),
    'a token may open two sessions': drop('tokens_open_one_session'),
    'a token may open one session for each user': replace(
      'tokens_open_one_session',
      'unique (user_id, token_hash)',
    ),
    'the token hash may have any length': drop('sessions_store_a_hash'),
    'the token hash may be too short': replace(
      'sessions_store_a_hash',
      'check (octet_length(token_hash) <= 32)',
    ),
    'a session may expire at its start': replace(
      'sessions_expire_after_they_start',
      'check (expires_at >= started_at)',
    ),
    'a session must last a second': replace(
      'sessions_expire_after_they_start',
      `check (expires_at - started_at >= interval '1 second')`,
    ),
    'a session may last forever': drop('sessions_last_30_days_at_most'),
    'the maximum of 30 days depends on the time zone of the client': replace(
      'sessions_last_30_days_at_most',
      `check (expires_at <= started_at + interval '30 days')`,
    ),
    'start_session adds the lifetime in the time zone of the client': sql`alter function auth.start_session(text, bytea, text) reset timezone`,
    'start and expiry are computed from two readings of the clock': inFunction('auth.start_session', [
      'moment, moment +',
      'moment, clock_timestamp() +',
    ]),
    'a refused session is shown with its row': inFunction('auth.start_session', [
      'exception when integrity_constraint_violation then',
      'exception when integrity_constraint_violation then raise;',
    ]),
    'a malformed user is shown by Postgres': inFunction('auth.start_session', [
      `if not pg_input_is_valid(user_id, 'uuid') then`,
      'if false then',
    ]),
    'a malformed lifetime is shown by Postgres': inFunction('auth.start_session', [
      `elsif not pg_input_is_valid(lifetime, 'interval') then`,
      'elsif false then',
    ]),
    'a function for the application takes an id that Postgres shows when it is malformed': sql`create function auth.rename(who uuid) returns void language sql as '';
      grant execute on function auth.rename(uuid) to hma_app`,
    'a token may open two sessions once the first has ended': sql`alter table auth.sessions drop constraint tokens_open_one_session;
      create unique index tokens_open_one_session on auth.sessions (token_hash) where ended_at is null`,
    'hashes of other lengths are accepted, too': replace(
      'sessions_store_a_hash',
      'check (octet_length(token_hash) in (16, 20, 32))',
    ),
    'a session may change its user in replica mode': sql`alter table auth.sessions enable trigger sessions_stay_what_they_are`,
    'an ended session can be reopened in replica mode': sql`alter table auth.sessions enable trigger sessions_end_once`,
    'an ended session can be reopened': sql`drop trigger sessions_end_once on auth.sessions`,
    'a session may end before its start': drop('sessions_end_after_they_start'),
    'a session that ended can begin again within its hour': sql`drop trigger sessions_end_once on auth.sessions; create trigger sessions_end_once before update of ended_at on auth.sessions for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at and old.ended_at < now() - interval '1 hour') execute function ops.refuse_change()`,
    'the token may change': sql`drop trigger sessions_stay_what_they_are on auth.sessions; create trigger sessions_stay_what_they_are before update of id, user_id, started_at on auth.sessions for each row when (old.id is distinct from new.id or old.user_id is distinct from new.user_id or old.started_at is distinct from new.started_at) execute function ops.refuse_change()`,
    'the 31st day is allowed': sql`alter table auth.sessions drop constraint sessions_last_30_days_at_most, add constraint sessions_last_30_days_at_most check (expires_at - started_at < interval '31 days')`,
    'a second session replaces the first': sql`create function auth.one() returns trigger language plpgsql security definer set search_path = '' as $$ begin delete from auth.sessions s where s.user_id = new.user_id; return new; end $$; create trigger one before insert on auth.sessions for each row execute function auth.one()`,
    'it may expire at its start': sql`alter table auth.sessions drop constraint sessions_expire_after_they_start, add constraint sessions_expire_after_they_start check (expires_at >= started_at)`,
  },
})
