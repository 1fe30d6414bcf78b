import { faults, sql } from '../harness/setup.ts'
import { rewrite } from './vocabulary/functions.ts'

const redefine = (rule: string, definition: string) =>
  sql`alter table auth.sessions drop constraint ${rule};
      alter table auth.sessions add constraint ${rule} ${definition}`

const drop = (rule: string) => sql`alter table auth.sessions drop constraint ${rule}`

export default faults([
  {
    criterion: 'B1.1.7',
    breaks: 'a session may be of a user who never was',
    plant: drop('sessions_belong_to_a_user'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may be nobody’s',
    plant: sql`alter table auth.sessions alter column user_id drop not null`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a user who is gone leaves the sessions behind',
    plant: redefine(
      'sessions_belong_to_a_user',
      'foreign key (user_id) references auth.users (id) on delete restrict',
    ),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a user who goes takes everybody’s sessions along',
    plant: sql`create function auth.end_all() returns trigger language plpgsql as $$ begin delete from auth.sessions; return null; end $$;
      create trigger sessions_end after delete on auth.users for each statement execute function auth.end_all()`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may change hands',
    plant: sql`drop trigger sessions_stay_what_they_are on auth.sessions`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may get another token',
    plant: sql`drop trigger sessions_stay_what_they_are on auth.sessions;
      create trigger sessions_stay_what_they_are before update of id, user_id, started_at on auth.sessions
        for each row execute function ops.refuse_change()`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a token may open two sessions',
    plant: drop('tokens_open_one_session'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a token may open a session of each user',
    plant: redefine('tokens_open_one_session', 'unique (user_id, token_hash)'),
  },
  { criterion: 'B1.1.7', breaks: 'a token is stored as it comes', plant: drop('sessions_store_a_hash') },
  {
    criterion: 'B1.1.7',
    breaks: 'half a hash is enough',
    plant: redefine('sessions_store_a_hash', 'check (octet_length(token_hash) <= 32)'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may expire when it starts',
    plant: redefine('sessions_expire_after_they_start', 'check (expires_at >= started_at)'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session lasts a second at least',
    plant: redefine(
      'sessions_expire_after_they_start',
      `check (expires_at - started_at >= interval '1 second')`,
    ),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may last for ever',
    plant: drop('sessions_last_30_days_at_most'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'thirty days are those of the client',
    plant: redefine('sessions_last_30_days_at_most', `check (expires_at <= started_at + interval '30 days')`),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a lifetime is reckoned in days of the client',
    plant: sql`alter function auth.start_session(uuid, bytea, interval) reset timezone`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'start and end of a session are two moments',
    plant: rewrite('auth.start_session(uuid, bytea, interval)', '(moment.moment +', '(now() +'),
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session that ended can be revived',
    plant: sql`drop trigger sessions_end_once on auth.sessions`,
  },
  {
    criterion: 'B1.1.7',
    breaks: 'a session may end before it starts',
    plant: drop('sessions_end_after_they_start'),
  },
])
