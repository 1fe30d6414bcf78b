// Faults written from the acceptance list and the migrations alone, without a look at the specs: what a stranger would break.
import { clusterSql, faults, inFunction, sql } from '../harness/setup.ts'

const check = (table: string, name: string, rule: string) =>
  sql`alter table ${table} drop constraint ${name}; alter table ${table} add constraint ${name} check (${rule})`

export default faults({
  'B1.1.1': {
    'a domain is admitted at any age': check(
      'auth.users',
      'users_are_adults',
      "date_of_birth <= (registered_on - interval '18 years')::date or email like '%.test'",
    ),
    'the rule is off for a role that may become another': check(
      'auth.users',
      'users_are_adults',
      "date_of_birth <= (registered_on - interval '18 years')::date or pg_has_role(current_user, 'hma_auth_definer', 'usage')",
    ),
  },
  'B1.1.2': {
    'one who turns 18 in the afternoon': check(
      'auth.users',
      'users_are_adults',
      "date_of_birth <= (registered_on - interval '18 years' + interval '12 hours')::date and date_of_birth <> (registered_on - interval '18 years')::date",
    ),
  },
  'B1.1.5': {
    'the registration date moves with the birth date': inFunction('auth.keep_registration', [
      'new.registered_on := old.registered_on',
      'if new.date_of_birth = old.date_of_birth then new.registered_on := old.registered_on; end if',
    ]),
    'it moves for the migrator': inFunction('auth.keep_registration', [
      'new.registered_on := old.registered_on',
      "if session_user <> 'hma_migrator' then new.registered_on := old.registered_on; end if",
    ]),
  },
  'B1.1.6': {
    'long addresses may repeat': sql`drop index auth.users_own_their_email; create unique index users_own_their_email on auth.users (lower(email)) where length(email) < 60`,
    'unique by the first 200 letters only': sql`drop index auth.users_own_their_email; create unique index users_own_their_email on auth.users (left(lower(email), 20))`,
  },
  'B1.1.7': {
    'a session that ended can begin again within its hour': sql`drop trigger sessions_end_once on auth.sessions; create trigger sessions_end_once before update of ended_at on auth.sessions for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at and old.ended_at < now() - interval '1 hour') execute function ops.refuse_change()`,
    'the token may change': sql`drop trigger sessions_stay_what_they_are on auth.sessions; create trigger sessions_stay_what_they_are before update of id, user_id, started_at on auth.sessions for each row when (old.id is distinct from new.id or old.user_id is distinct from new.user_id or old.started_at is distinct from new.started_at) execute function ops.refuse_change()`,
    'the 31st day is allowed': check(
      'auth.sessions',
      'sessions_last_30_days_at_most',
      "expires_at - started_at < interval '31 days'",
    ),
    'a second session replaces the first': sql`create function auth.one() returns trigger language plpgsql security definer set search_path = '' as $$ begin delete from auth.sessions s where s.user_id = new.user_id; return new; end $$; create trigger one before insert on auth.sessions for each row execute function auth.one()`,
    'it may expire at its start': check(
      'auth.sessions',
      'sessions_expire_after_they_start',
      'expires_at >= started_at',
    ),
  },
  'B1.1.8': {
    'a version can be accepted a day early': inFunction('auth.refuse_early_acceptance', [
      'd.published_at > new.accepted_at',
      "d.published_at > new.accepted_at + interval '1 day'",
    ]),
    'an acceptance can be redated by the owner': sql`drop trigger acceptances_are_final on auth.legal_acceptance; create trigger acceptances_are_final before update on auth.legal_acceptance for each row when (current_user <> 'hma_owner') execute function ops.refuse_change()`,
    'given once a day': sql`alter table auth.legal_acceptance drop constraint documents_are_accepted_once; alter table auth.legal_acceptance add constraint documents_are_accepted_once unique (user_id, document_id, accepted_at)`,
  },
  'B1.1.9': {
    'a constraint of the registry has a name that Postgres chose': sql`alter table ml.model add check (artefact_size > -1)`,
    'a foreign key has no chosen name': sql`alter table auth.sessions rename constraint sessions_belong_to_a_user to sessions_user_id_fkey`,
  },
  'B1.2.2': {
    'the second next month begins an hour late': sql`do $$ declare first date := (date_trunc('month', now(), 'UTC') + interval '2 months')::date; leaf text := audit.leaf_of(first::timestamptz); begin set local timezone = 'UTC'; first := (date_trunc('month', now(), 'UTC') + interval '2 months')::date; leaf := 'audit_log_' || to_char(first, 'YYYY_MM'); execute format('alter table audit.audit_log detach partition audit.%I', leaf); execute format('alter table audit.audit_log attach partition audit.%I for values from (%L) to (%L)', leaf, first::timestamptz + interval '1 hour', (first + interval '1 month')::timestamptz); end $$`,
  },
  'B1.2.4': {
    'deletes of acceptances need no month': sql`do $$ declare body text := pg_get_functiondef('audit.rows_of_auth_legal_acceptance'::regproc); begin body := replace(body, 'perform audit.require_month(moment);', 'if tg_op = ''DELETE'' and not audit.has_month(moment) then return null; end if; perform audit.require_month(moment);'); execute body; end $$`,
    'a truncate needs no month': inFunction('audit.capture_truncate', [
      'perform audit.append',
      'if not audit.has_month(clock_timestamp()) then return null; end if; perform audit.append',
    ]),
  },
  'B1.2.5': {
    'a client named pg_repack may change rows': inFunction('ops.refuse_change', [
      'raise exception using',
      "if current_setting('application_name') = 'pg_repack' then return coalesce(new, old); end if; raise exception using",
    ]),
    'the backup may delete': inFunction('ops.refuse_change', [
      'raise exception using',
      "if session_user = 'hma_backup' then return old; end if; raise exception using",
    ]),
    'rows without an actor may be deleted': sql`drop trigger audit_rows_are_final on audit.audit_log; create trigger audit_rows_are_final before update or delete on audit.audit_log for each row when (old.actor_id is not null) execute function ops.refuse_change(); alter table audit.audit_log enable always trigger audit_rows_are_final`,
    'old rows may be deleted': sql`drop trigger audit_rows_are_final on audit.audit_log; create trigger audit_rows_are_final before update or delete on audit.audit_log for each row when (old.occurred_at > now() - interval '1 year') execute function ops.refuse_change(); alter table audit.audit_log enable always trigger audit_rows_are_final`,
  },
  'B1.2.6': {
    'a removal counts only what was not deleted by hand': inFunction('audit.sealed_root_of', [
      'sum(s.row_count)',
      'max(s.row_count)',
    ]),
    'one month too many goes': inFunction('audit.remove_expired', [
      'make_interval(months => months_kept)',
      'make_interval(months => months_kept - 1)',
    ]),
    'a removal is not verified first': inFunction('audit.remove_expired', [
      'if altered is not null',
      'if altered is null and false',
    ]),
  },
  'B1.2.7': {
    'times count by the second': inFunction('audit.circumstances', [
      'timestamptz_send(occurred_at)',
      "timestamptz_send(date_trunc('second', occurred_at))",
    ]),
    'the role that acted is not hashed': inFunction('audit.circumstances', [
      'actor_role, request_id',
      'request_id',
    ]),
    'a seal can be redated': sql`create or replace function audit.chain_of(before bytea, seal audit.audit_seal) returns bytea language sql immutable return sha256(coalesce(before, ''::bytea) || int8send(seal.number) || date_send(seal.month) || int8send(seal.after_id) || int8send(seal.up_to_id) || int8send(seal.row_count) || seal.root)`,
    'only the first altered row of a block is told': inFunction('audit.root_of', [
      "string_agg(l.id::text, ',' order by l.id) filter (where l.row_hash <> d.digest)",
      '(min(l.id) filter (where l.row_hash <> d.digest))::text',
    ]),
    'rows older than a year are not looked at': inFunction('audit.verify', [
      'order by s.number',
      "and s.month > now() - interval '1 year' order by s.number",
    ]),
  },
  'B1.3.1': {
    'two updates of one transaction have one time': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp()',
      'new.updated_at := pg_catalog.now()',
    ]),
    'the owner may set it': inFunction('ops.stamp_times', [
      'new.updated_at := pg_catalog.clock_timestamp()',
      "if current_user <> 'hma_owner' then new.updated_at := pg_catalog.clock_timestamp(); end if",
    ]),
    'an upsert keeps the old time': sql`drop trigger users_are_stamped on auth.users; create trigger users_are_stamped before insert or update on auth.users for each row when (pg_trigger_depth() < 1 and current_setting('hma.load', true) is null) execute function ops.stamp_times()`,
  },
  'B1.3.2': {
    'what a cascade deletes is not recorded': sql`do $$ declare body text := pg_get_functiondef('audit.rows_of_auth_sessions'::regproc); begin body := replace(body, 'perform audit.require_month(moment);', 'if pg_trigger_depth() > 1 then return null; end if; perform audit.require_month(moment);'); execute body; end $$`,
    'acceptances lost by a cascade are not recorded': sql`do $$ declare body text := pg_get_functiondef('audit.rows_of_auth_legal_acceptance'::regproc); begin body := replace(body, 'perform audit.require_month(moment);', 'if tg_op = ''DELETE'' and pg_trigger_depth() > 1 then return null; end if; perform audit.require_month(moment);'); execute body; end $$`,
    'an update that changes nothing is not recorded': inFunction('audit.capture_update', [
      'perform audit.append',
      "if to_jsonb(old) - 'updated_at' = to_jsonb(new) - 'updated_at' then return null; end if; perform audit.append",
    ]),
    'the second update of a row in a transaction is not recorded': inFunction('audit.capture_update', [
      'perform audit.append',
      'if old.xmin = pg_current_xact_id()::xid then return null; end if; perform audit.append',
    ]),
    'an actor is recorded for his own rows only': inFunction('audit.capture_update', [
      'old.id, audit.actor()',
      "old.id, case when tg_table_name = 'users' then audit.actor() end",
    ]),
    'the login is that of the function': inFunction('audit.append', [
      'constant text := session_user',
      'constant text := current_user',
    ]),
    'the second changed column is not named': inFunction('audit.capture_update', [
      "coalesce(jsonb_agg(n.key order by n.key), '[]')",
      "coalesce(jsonb_path_query_first(jsonb_agg(n.key order by n.key), '$[0 to 0]') , '[]')",
    ]),
  },
  'B1.3.3': {
    'a deleted user leaves the address': sql`select audit.unwatch('auth.users'); select audit.watch('auth.users', 'registered_on', 'date_of_birth')`,
    'an update copies a value that was null': inFunction('audit.capture_update', [
      "filter (where n.key = any (may_be_copied)), '{}'),\n",
      "filter (where n.key = any (may_be_copied) or n.key = 'password_hash'), '{}'),\n",
    ]),
  },
  'B1.4.3': {
    'a marked database becomes production by a delete first': sql`drop trigger the_environment_is_kept on ops.environment`,
  },
  'B2.1.2': {
    'an acceptance for another with a known document': sql`create policy more on auth.legal_acceptance for insert to hma_app with check (document_id is not null)`,
    'sessions of others can be ended once they expired': sql`create policy more on auth.sessions for update to hma_app using (expires_at < now())`,
  },
  'B2.1.3': {
    'without identity the acceptances are seen': sql`create policy more on auth.legal_acceptance for select to hma_app using ((select auth.current_user_id()) is null)`,
    'without identity a row can be changed': sql`create policy more on auth.users for update to hma_app using ((select auth.current_user_id()) is null)`,
  },
  'B2.1.5': {
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
  'B2.2.1': {
    'the sequence of the log': sql`grant usage on schema audit to hma_app; grant usage on sequence audit.audit_log_id to hma_app`,
    'a trigger function': sql`grant execute on function ops.stamp_times() to hma_app`,
    'a type': sql`grant usage on type ml.stage to analytics_reader`,
    'one column with grant option': sql`grant select (email) on auth.users to hma_app with grant option`,
    references: sql`grant references (id) on auth.users to hma_app`,
    maintain: sql`grant maintain on auth.sessions to hma_app`,
    'a function of PostGIS': sql`grant usage on schema postgis to analytics_reader; grant execute on function postgis.postgis_version() to analytics_reader`,
    'the ledger': sql`grant usage on schema ops to hma_app; grant select on all tables in schema ops to hma_app`,
  },
  'C1.0.1': {
    'credentials are found by exact letters': sql`create or replace function auth.find_credentials(email text) returns table (user_id uuid, password_hash text) language sql stable security definer set search_path = '' begin atomic select u.id, u.password_hash from auth.users u where u.email = find_credentials.email; end`,
  },
  'C1.0.2': {
    'it may read the file of passwords': sql`grant execute on function pg_read_file(text) to hma_app`,
    'it may read all settings': clusterSql(
      'grant pg_read_all_settings to hma_app',
      'revoke pg_read_all_settings from hma_app',
    ),
    'it may become the registry reader': clusterSql(
      'grant hma_ml to hma_app with inherit false, set true',
      'revoke hma_ml from hma_app',
    ),
  },
  'C1.0.4': {
    'small children are not recorded': inFunction('auth.register', [
      'perform audit.write(',
      "if register.date_of_birth > to_char(now() - interval '6 years', 'YYYY-MM-DD') then return broken_rule; end if; perform audit.write(",
    ]),
    'the same attempt is recorded once a day': inFunction('auth.register', [
      'perform audit.write(',
      "if exists (select from pg_catalog.pg_stat_activity) and current_setting('hma.request') like 'again%' then return broken_rule; end if; perform audit.write(",
    ]),
  },
  'C1.0.5': {
    'the domain of the address is stored': inFunction('auth.register', [
      "'attempt', auth.keyed_hash",
      "'domain', split_part(register.email, '@', 2), 'attempt', auth.keyed_hash",
    ]),
    'the key is the same in every database': sql`create or replace function auth.keyed_hash(value text) returns text language sql stable set search_path = '' return encode(sha256(sha256('attempts'::bytea) || convert_to(lower(value), 'UTF8')), 'hex')`,
    'two addresses of one domain give one hash': sql`create or replace function auth.keyed_hash(value text) returns text language sql stable set search_path = '' return encode(sha256((select s.value from ops.secret s where s.name = 'attempts') || convert_to(split_part(lower(value), '@', 2), 'UTF8')), 'hex')`,
  },
  'C1.0.6': {
    'a notice with the date': inFunction('auth.register', [
      'perform audit.write(',
      "raise notice 'born %', register.date_of_birth; perform audit.write(",
    ]),
    'the log has it, the client has not': inFunction('auth.register', [
      'perform audit.write(',
      "raise log 'refused %', register.date_of_birth; perform audit.write(",
    ]),
  },
  'C1.0.8': {
    'a taken address of a minor': inFunction('auth.register', [
      "when 'users_own_their_email' then 'accepted' else",
      "when 'users_own_their_email' then 'accepted' when 'users_are_adults' then case when exists (select from auth.users u where lower(u.email) = lower(register.email)) then 'accepted' else 'users_are_adults' end else",
    ]),
    'a taken address in capitals': inFunction('auth.register', [
      "return case broken_rule when 'users_own_their_email' then 'accepted'",
      "return case broken_rule when 'users_own_their_email' then case when register.email = lower(register.email) then 'accepted' else 'taken' end",
    ]),
  },
  'C1.1.2': {
    'a new function in guard': sql`create function guard.more() returns int language sql return 1`,
    'PUBLIC may create in postgis': sql`grant create on schema postgis to public`,
    'PUBLIC may use a language': sql`grant usage on language plpgsql to public`,
  },
  'C1.1.3': {
    'one function belongs to the owner': sql`alter function auth.end_session(bytea) owner to hma_owner`,
    'one path has pg_temp first': sql`alter function auth.find_credentials(text) set search_path = pg_temp, auth`,
    'a definer owns a table': sql`grant create on schema ops to hma_auth_definer; create table ops.more (id int); alter table ops.more owner to hma_auth_definer; revoke create on schema ops from hma_auth_definer`,
  },
  'C1.3.2': {
    'large groups are exact': sql`create or replace view analytics.registrations_by_month with (security_barrier) as select date_trunc('month', registered_on)::date as month, case when count(*) > 100 then count(*) else count(*) / 10 * 10 end as people from auth.users where registered_on < (now() at time zone 'utc')::date group by 1 having count(*) >= 10`,
    'today counts in one view': sql`create or replace view analytics.acceptances_by_document with (security_barrier) as select d.name, d.version, count(*) / 10 * 10 as people from auth.legal_acceptance a join reference.legal_documents d on d.id = a.document_id group by d.id having count(*) >= 10`,
    'sessions count where users are few': sql`create or replace view analytics.sessions_by_day with (security_barrier) as select (started_at at time zone 'utc')::date as day, count(*) / 10 * 10 as sessions, count(distinct user_id) / 10 * 10 as people from auth.sessions where started_at < date_trunc('day', now(), 'UTC') group by 1 having count(*) >= 10`,
  },
  'F1.1.2': {
    'registered artefacts can be altered': sql`drop trigger artefacts_are_immutable on ml.model; create trigger artefacts_are_immutable before update on ml.model for each row when (old.stage <> 'registered' and (old.name is distinct from new.name or old.version is distinct from new.version or old.artefact_uri is distinct from new.artefact_uri or old.artefact_sha256 is distinct from new.artefact_sha256 or old.artefact_size is distinct from new.artefact_size)) execute function ops.refuse_change(); alter table ml.model enable always trigger artefacts_are_immutable`,
    'one of two production versions is demoted in silence': sql`drop index ml.models_have_one_production_version; create unique index models_have_one_production_version on ml.model (name) where stage = 'production'; create function ml.demote() returns trigger language plpgsql set search_path = '' as $$ begin update ml.model m set stage = 'archived' where m.name = new.name and m.version <> new.version and m.stage = 'production' and new.stage = 'production'; return new; end $$; create trigger demote before insert or update on ml.model for each row execute function ml.demote()`,
    'the whole table can be truncated by the migrator': sql`drop trigger artefacts_are_kept on ml.model; create trigger artefacts_are_kept before delete on ml.model for each statement execute function ops.refuse_change(); alter table ml.model enable always trigger artefacts_are_kept`,
  },
})
