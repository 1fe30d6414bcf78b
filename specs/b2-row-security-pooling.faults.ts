import { faults, sql } from '../harness/setup.ts'

/** Identification that stores the session in another way; `where` it is stored: `session` or `local`. */
const identify = (where: string, condition = 'true') =>
  sql`create or replace function auth.identify(token_hash bytea, request_id text default null) returns uuid
      language plpgsql security definer set search_path = '' as $$ begin if ${condition} then
        execute format('set ${where} backtrace_functions = %L', coalesce((
          select encode(s.token_hash, 'hex') || '_' || translate(s.user_id::text, '-', '') from auth.sessions s
           where s.token_hash = identify.token_hash), ''));
      end if; return auth.current_user_id(); end $$`

export default faults({
  'B2.1.4': {
    'the identity outlives its transaction': identify('session'),
    'a transaction can change its user': identify('local'),
    'an unknown token is ignored': identify(
      'local',
      'exists (select from auth.sessions s where s.token_hash = identify.token_hash)',
    ),
    'the identity outlives its transaction if a request is given': identify(
      'session',
      `request_id is not null or set_config('hma.request', '', true) is null`,
    ),
    'the identity is remembered by connection': sql`create table auth.remembered (pid int primary key, user_id uuid);
      create or replace function auth.current_user_id() returns uuid language plpgsql volatile security definer set search_path = '' as $$
      declare whose uuid; begin
        select r.user_id into whose from auth.remembered r where r.pid = pg_backend_pid();
        if whose is null then
          select s.user_id into whose from auth.sessions s where encode(s.token_hash, 'hex') = left(current_setting('backtrace_functions'), 64);
          if whose is not null then insert into auth.remembered values (pg_backend_pid(), whose); end if;
        end if;
        return whose; end $$;
      grant select, insert on auth.remembered to hma_auth_definer`,
    'the identity function is immutable': sql`create function auth.whose() returns uuid language sql immutable security definer set search_path = '' return auth.current_user_id();
      alter policy people_see_themselves on auth.users using (id = auth.whose());
      grant execute on function auth.whose() to hma_app`,
  },
})
