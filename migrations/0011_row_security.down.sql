-- 0011 row security
drop policy acceptances_are_counted on auth.legal_acceptance;
drop policy sessions_are_counted on auth.sessions;
drop policy users_are_counted on auth.users;
drop policy test_users_have_accepted on auth.legal_acceptance;
drop policy test_users_are_loaded on auth.users;
drop policy sessions_are_ended on auth.sessions;
drop policy sessions_are_opened on auth.sessions;
drop policy sessions_are_looked_up on auth.sessions;
drop policy registration_adds_users on auth.users;
drop policy registration_reads_users on auth.users;
drop policy people_accept_for_themselves on auth.legal_acceptance;
drop policy people_see_their_acceptances on auth.legal_acceptance;
drop policy people_end_their_sessions on auth.sessions;
drop policy people_see_their_sessions on auth.sessions;
drop policy people_delete_themselves on auth.users;
drop policy people_change_themselves on auth.users;
drop policy people_see_themselves on auth.users;

alter table auth.legal_acceptance no force row level security, disable row level security;
alter table auth.sessions no force row level security, disable row level security;
alter table auth.users no force row level security, disable row level security;
