-- 0007 identity
drop trigger truncates_are_audited on auth.legal_acceptance;
drop trigger deletes_are_audited on auth.legal_acceptance;
drop trigger updates_are_audited on auth.legal_acceptance;
drop trigger inserts_are_audited on auth.legal_acceptance;
drop trigger actors_are_noted on auth.legal_acceptance;
drop trigger truncates_are_audited on auth.sessions;
drop trigger deletes_are_audited on auth.sessions;
drop trigger updates_are_audited on auth.sessions;
drop trigger inserts_are_audited on auth.sessions;
drop trigger actors_are_noted on auth.sessions;
drop trigger truncates_are_audited on auth.users;
drop trigger deletes_are_audited on auth.users;
drop trigger updates_are_audited on auth.users;
drop trigger inserts_are_audited on auth.users;
drop trigger actors_are_noted on auth.users;

revoke all on reference.legal_documents from hma_app;
revoke usage on schema reference from hma_app;
revoke all on auth.legal_acceptance, auth.sessions, auth.users from hma_app, hma_auth_definer;

drop function auth.register(text, text, date, text);
drop function auth.keyed_hash(text);
drop function auth.end_session(bytea);
drop function auth.start_session(uuid, bytea, interval);
drop function auth.find_credentials(text);
drop function auth.identify(bytea, text);
drop function auth.current_user_id();
drop table ops.secret;
revoke usage on schema audit, ops from hma_auth_definer;
revoke usage on schema auth from hma_auth_definer, hma_app, hma_audit_writer;
