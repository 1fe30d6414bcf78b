-- 0007 identity
select audit.unwatch('auth.legal_acceptance');
select audit.unwatch('auth.sessions');
select audit.unwatch('auth.users');

revoke all on reference.legal_documents from hma_app;
revoke usage on schema reference from hma_app;
revoke all on auth.legal_acceptance, auth.sessions, auth.users from hma_app, hma_auth_definer;

drop function auth.register(text, text, text, text);
drop function auth.keyed_hash(text);
drop function auth.end_session(bytea);
drop function auth.start_session(text, bytea, text);
drop function auth.find_credentials(text);
drop function auth.identify(bytea, text);
drop function auth.current_user_id();
drop table ops.secret;
revoke usage on schema audit, ops from hma_auth_definer;
revoke usage on schema auth from hma_auth_definer, hma_app;
