import { faults, sql } from '../harness/setup.ts'

export default faults({
  'C1.2.1': {
    'every new function is marked leakproof': sql`create function public.vouch() returns event_trigger language plpgsql as $$ declare f regprocedure; begin
        for f in select objid from pg_event_trigger_ddl_commands() where command_tag = 'CREATE FUNCTION' loop
          execute format('alter function %s leakproof', f); end loop; end $$;
      create event trigger functions_are_vouched_for on ddl_command_end when tag in ('CREATE FUNCTION') execute function public.vouch()`,
    'one of our functions is marked leakproof': sql`alter function auth.current_user_id() leakproof`,
    'the comparison of a text with a pattern is marked leakproof': sql`alter function pg_catalog.textlike(text, text) leakproof`,
    'the application reads every user': sql`alter policy people_see_themselves on auth.users using (true)`,
    'the application reads and changes every session': sql`create policy sessions_are_public on auth.sessions using (true) with check (true)`,
    'only a restrictive policy is left': sql`drop policy people_see_themselves on auth.users;
      create policy people_see_themselves on auth.users as restrictive for select to hma_app using (id = (select auth.current_user_id()))`,
    'an acceptance can be attempted for another user': sql`alter policy people_accept_for_themselves on auth.legal_acceptance with check (true)`,
    'the application can read pg_statistic': sql`grant select on pg_statistic to hma_app`,
    'the application can read token hashes': sql`grant select (token_hash) on auth.sessions to hma_app`,
  },
})
