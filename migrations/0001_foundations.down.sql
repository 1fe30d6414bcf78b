-- 0001 foundations
drop function ops.stamp_times();

alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    grant usage on types to public;
alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    grant execute on functions to public;

grant execute on function pg_logical_emit_message(boolean, text, text, boolean), pg_logical_emit_message(boolean, text, bytea, boolean) to public;
grant execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) to public;
revoke usage on language plpgsql from hma_owner;
grant  usage on language plpgsql to public;

do $$
begin
    execute format(
        'revoke connect on database %I from hma_migrator, hma_app, analytics_reader, hma_ml, hma_monitor, hma_backup',
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
