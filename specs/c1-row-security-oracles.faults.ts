import { faults, sql } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'C1.2.1',
    breaks: 'every new function is taken for one that leaks nothing',
    plant: sql`create function public.vouch() returns event_trigger language plpgsql as $$ declare f regprocedure; begin
        for f in select objid from pg_event_trigger_ddl_commands() where command_tag = 'CREATE FUNCTION' loop
          execute format('alter function %s leakproof', f); end loop; end $$;
      create event trigger functions_are_vouched_for on ddl_command_end when tag in ('CREATE FUNCTION') execute function public.vouch()`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'a function of ours vouches that it leaks nothing',
    plant: sql`alter function auth.current_user_id() leakproof`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'everybody reads every user',
    plant: sql`alter policy people_see_themselves on auth.users using (true)`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'everybody reads and changes every session',
    plant: sql`create policy sessions_are_public on auth.sessions using (true) with check (true)`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'only a policy that restricts is left',
    plant: sql`drop policy people_see_themselves on auth.users;
      create policy people_see_themselves on auth.users as restrictive for select to hma_app using (id = (select auth.current_user_id()))`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'an acceptance can be tried for another',
    plant: sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (true)`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'users are not guarded, so that their statistics show',
    plant: sql`alter table auth.users disable row level security`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'raw statistics are granted',
    plant: sql`grant select on pg_statistic to hma_app`,
  },
  {
    criterion: 'C1.2.1',
    breaks: 'the hash of a token is granted',
    plant: sql`grant select (token_hash) on auth.sessions to hma_app`,
  },
])
