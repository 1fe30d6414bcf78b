-- 0011 row security
-- needs:  0007, 0010
-- proves: B2.1.1, B2.1.2, B2.1.3, B2.1.4, B2.1.5, B2.1.6, C1.2.1
-- opt-in: rls
-- A user reaches only their own rows, even when a query of the application has no condition. The identity is in a subquery, so that it
-- is looked up once per query and not once per row. Row security is forced, so that it also applies to the owner: each definer role has
-- its own policy, and a migration that must see every row sets `no force` and afterwards `force` again.
alter table auth.users            enable row level security, force row level security;
alter table auth.sessions         enable row level security, force row level security;
alter table auth.legal_acceptance enable row level security, force row level security;

create policy people_see_themselves    on auth.users for select to hma_app using (id = (select auth.current_user_id()));
create policy people_change_themselves on auth.users for update to hma_app using (id = (select auth.current_user_id()))
    with check (id = (select auth.current_user_id()));
create policy people_delete_themselves on auth.users for delete to hma_app using (id = (select auth.current_user_id()));

create policy people_see_their_sessions on auth.sessions for select to hma_app using (user_id = (select auth.current_user_id()));
create policy people_end_their_sessions on auth.sessions for update to hma_app using (user_id = (select auth.current_user_id()))
    with check (user_id = (select auth.current_user_id()));

create policy people_see_their_acceptances on auth.legal_acceptance for select to hma_app using (user_id = (select auth.current_user_id()));
create policy people_accept_for_themselves on auth.legal_acceptance for insert to hma_app with check (user_id = (select auth.current_user_id()));

create policy registration_reads_users  on auth.users    for select to hma_auth_definer using (true);
create policy registration_adds_users   on auth.users    for insert to hma_auth_definer with check (true);
create policy sessions_are_looked_up    on auth.sessions for select to hma_auth_definer using (true);
create policy sessions_are_opened       on auth.sessions for insert to hma_auth_definer with check (true);
create policy sessions_are_ended        on auth.sessions for update to hma_auth_definer using (true) with check (true);

-- The owner loads the test users of seeds/people.sql: these twelve, and nobody else.
create policy test_users_are_loaded on auth.users to hma_owner
    using (id between 'a0000000-0000-4000-8000-000000000001' and 'a0000000-0000-4000-8000-00000000000c');
create policy test_users_have_accepted on auth.legal_acceptance to hma_owner
    using (user_id between 'a0000000-0000-4000-8000-000000000001' and 'a0000000-0000-4000-8000-00000000000c');

create policy users_are_counted       on auth.users            for select to hma_analytics_definer using (true);
create policy sessions_are_counted    on auth.sessions         for select to hma_analytics_definer using (true);
create policy acceptances_are_counted on auth.legal_acceptance for select to hma_analytics_definer using (true);
