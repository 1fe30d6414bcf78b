-- 0001 foundations
drop function ops.stamp_times();

alter default privileges for role hma_analytics_definer grant execute on functions to public;
alter default privileges for role hma_audit_writer grant execute on functions to public;
alter default privileges for role hma_auth_definer grant execute on functions to public;
alter default privileges for role hma_owner grant usage on types to public;
alter default privileges for role hma_owner grant execute on functions to public;

do $$
begin
    execute format(
        'revoke connect on database %I from hma_migrator, hma_app, analytics_reader, hma_ml, hma_backup',
        current_database()
    );
    execute format('grant connect, temporary on database %I to public', current_database());
end
$$;
grant usage on schema public to public;

drop schema analytics;
drop schema ml;
drop schema reference;
drop schema audit;
drop schema auth;

drop extension postgis;
drop schema postgis;
