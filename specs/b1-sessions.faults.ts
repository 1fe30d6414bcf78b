import { faults, inFunction, sql } from '../harness/setup.ts'

const redefine = (rule: string, definition: string) =>
  sql`alter table auth.sessions drop constraint ${rule};
      alter table auth.sessions add constraint ${rule} ${definition}`

const drop = (rule: string) => sql`alter table auth.sessions drop constraint ${rule}`

export default faults({
  'B1.1.7': {
    'a session may be of a user who never was': drop('sessions_belong_to_a_user'),
    'a session may be nobody’s': sql`alter table auth.sessions alter column user_id drop not null`,
    'a user who is gone leaves the sessions behind': redefine(
      'sessions_belong_to_a_user',
      'foreign key (user_id) references auth.users (id) on delete restrict',
    ),
    'a user who goes takes everybody’s sessions along': sql`create function auth.end_all() returns trigger language plpgsql as $$ begin delete from auth.sessions; return null; end $$;
      create trigger sessions_end after delete on auth.users for each statement execute function auth.end_all()`,
    'a session may change hands': sql`drop trigger sessions_stay_what_they_are on auth.sessions`,
    'a session may get another token': sql`drop trigger sessions_stay_what_they_are on auth.sessions;
      create trigger sessions_stay_what_they_are before update of id, user_id, started_at on auth.sessions
        for each row execute function ops.refuse_change()`,
    'a token may open two sessions': drop('tokens_open_one_session'),
    'a token may open a session of each user': redefine(
      'tokens_open_one_session',
      'unique (user_id, token_hash)',
    ),
    'a token is stored as it comes': drop('sessions_store_a_hash'),
    'half a hash is enough': redefine('sessions_store_a_hash', 'check (octet_length(token_hash) <= 32)'),
    'a session may expire when it starts': redefine(
      'sessions_expire_after_they_start',
      'check (expires_at >= started_at)',
    ),
    'a session lasts a second at least': redefine(
      'sessions_expire_after_they_start',
      `check (expires_at - started_at >= interval '1 second')`,
    ),
    'a session may last for ever': drop('sessions_last_30_days_at_most'),
    'thirty days are those of the client': redefine(
      'sessions_last_30_days_at_most',
      `check (expires_at <= started_at + interval '30 days')`,
    ),
    'a lifetime is reckoned in days of the client': sql`alter function auth.start_session(uuid, bytea, interval) reset timezone`,
    'start and end of a session are two moments': inFunction('auth.start_session', [
      '(moment.moment +',
      '(now() +',
    ]),
    'a session that ended can be revived': sql`drop trigger sessions_end_once on auth.sessions`,
    'a session may end before it starts': drop('sessions_end_after_they_start'),
  },
})
