import { faults, sql } from '../harness/setup.ts'

/** Identification that notes the session in another way. */
const identify = (body: string) =>
  sql`create or replace function auth.identify(token_hash bytea, request_id text default null) returns uuid
      language plpgsql security definer set search_path = '' as $$ begin ${body} return auth.current_user_id(); end $$`

const note = (isLocal: string) =>
  `perform set_config('hma.session', coalesce(encode(token_hash, 'hex'), ''), ${isLocal});`

export default faults({
  'B2.1.4': {
    'the identity outlives its transaction': identify(note('false')),
    'the identity is set for the connection, too': identify(
      `execute format('set session "hma.session" = %L', encode(token_hash, 'hex')); ${note('true')}`,
    ),
    'an unknown token does not change the identity': identify(
      `if exists (select from auth.sessions s where s.token_hash = identify.token_hash) then ${note('true')} end if;`,
    ),
    'the identity is remembered by connection': sql`create table auth.remembered (pid int primary key, user_id uuid);
      create or replace function auth.current_user_id() returns uuid language plpgsql volatile security definer set search_path = '' as $$
      declare whose uuid; begin
        select r.user_id into whose from auth.remembered r where r.pid = pg_backend_pid();
        if whose is null then
          select s.user_id into whose from auth.sessions s where encode(s.token_hash, 'hex') = current_setting('hma.session', true);
          if whose is not null then insert into auth.remembered values (pg_backend_pid(), whose); end if;
        end if;
        return whose; end $$;
      grant select, insert on auth.remembered to hma_auth_definer`,
    'the identity function is immutable': sql`create function auth.whose() returns uuid language sql immutable security definer set search_path = '' return auth.current_user_id();
      alter policy people_see_themselves on auth.users using (id = auth.whose());
      grant execute on function auth.whose() to hma_app`,
  },
})
