-- 0001 foundations
-- needs:  roles.sql
-- proves: B1.0.1, C1.1.1, C1.1.2
-- run-as: login
-- One schema for each purpose, and no privilege for PUBLIC. It runs as the login because only a superuser may create PostGIS.
-- Default privileges belong to the role that creates an object, so they are set for every role that may create one.
-- Default privileges of PUBLIC can be revoked only without `in schema`: the form with a schema has no effect and no error.
create schema postgis;
create extension postgis with schema postgis;
grant usage on schema postgis to hma_owner;
revoke all     on all tables   in schema postgis from public;
revoke execute on all routines in schema postgis from public;
grant  select  on all tables   in schema postgis to hma_owner;
grant  execute on all routines in schema postgis to hma_owner;
do $$
declare
    kind regtype;
begin
    for kind in
        select t.oid from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid
         where t.typnamespace = 'postgis'::regnamespace and t.typcategory <> 'A' and (c.oid is null or c.relkind = 'c')
    loop
        execute format('revoke usage on type %s from public', kind);
        execute format('grant usage on type %s to hma_owner', kind);
    end loop;
end
$$;
comment on schema postgis is 'The extension PostGIS, separate from our own tables.';

create schema auth      authorization hma_owner;
create schema audit     authorization hma_owner;
create schema reference authorization hma_owner;
create schema ml        authorization hma_owner;
create schema analytics authorization hma_owner;
comment on schema auth      is 'Users, their sessions and the documents they accepted.';
comment on schema audit     is 'The audit log: append-only.';
comment on schema reference is 'Reference data: the same for all users, loaded by seeds.';
comment on schema ml        is 'The model registry.';
comment on schema analytics is 'Aggregates without personal data.';

revoke all on schema public from public;
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format(
        'grant connect on database %I to hma_migrator, hma_app, analytics_reader, hma_ml, hma_monitor, hma_backup',
        current_database()
    );
end
$$;

-- What Postgres grants to PUBLIC by default: code blocks (DO), large objects (which we do not use and which belong to no schema) and
-- messages in the write-ahead log.
revoke usage on language plpgsql from public;
grant  usage on language plpgsql to hma_owner;
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
revoke execute on function pg_logical_emit_message(boolean, text, text, boolean), pg_logical_emit_message(boolean, text, bytea, boolean) from public;

alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    revoke execute on functions from public;
alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    revoke usage on types from public;

-- The server sets both times, also on insert: an `updated_at` that is set only on update could be forged by an insert.
create function ops.stamp_times() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        new.created_at := pg_catalog.clock_timestamp();
    else
        new.created_at := old.created_at;
    end if;
    new.updated_at := pg_catalog.clock_timestamp();
    return new;
end
$$;
alter function ops.stamp_times() owner to hma_owner;
revoke execute on function ops.stamp_times() from public;
comment on function ops.stamp_times() is 'Sets created_at and updated_at; values that the client sends for them are ignored.';
