-- 0002 users
drop table auth.users;
drop function auth.keep_registration();
