-- What only a superuser may make in a database: extensions, the schemas, the privileges of PUBLIC, and the event triggers. Not a migration:
-- `apply` runs it as the superuser, before the migrations and in a session of its own, when this text or the version of an extension has
-- changed. Everything else is done by hma_migrator.
-- Nothing here may run code of a lesser role, whatever that role has done before: the session fires no event trigger, writes to no
-- table of another role, and calls no function of one.
do $$
begin
    if exists (
        select from pg_catalog.pg_roles r where not r.rolsuper and has_database_privilege(r.oid, current_database(), 'create')
    ) then
        raise exception using
            errcode = 'insufficient_privilege', constraint = 'only_a_superuser_creates_schemas',
            message = format('a lesser role owns the database %I or may create schemas in it', current_database()),
            hint = 'alter database … owner to postgres; revoke create on database … from …';
    end if;
end
$$;

create schema if not exists postgis;
create extension if not exists postgis with schema postgis;
comment on schema postgis is 'The extension PostGIS, separate from our own tables.';
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

-- Statistics of statements, for hma_monitor alone: they hold the text of statements. It cannot reset them.
create schema if not exists statistics;
create extension if not exists pg_stat_statements with schema statistics;
comment on schema statistics is 'The extension pg_stat_statements.';
grant usage on schema statistics to hma_monitor;
revoke all     on all tables   in schema statistics from public;
revoke execute on all routines in schema statistics from public;
grant  select  on all tables   in schema statistics to hma_monitor;
grant  execute on function statistics.pg_stat_statements(boolean), statistics.pg_stat_statements_info() to hma_monitor;

-- One schema for each purpose. The owner may not create schemas: a new one is a line here.
create schema if not exists auth      authorization hma_owner;
create schema if not exists audit     authorization hma_owner;
create schema if not exists reference authorization hma_owner;
create schema if not exists ml        authorization hma_owner;
create schema if not exists analytics authorization hma_owner;
create schema if not exists ops       authorization hma_owner;
comment on schema auth      is 'Users, their sessions and the documents they accepted.';
comment on schema audit     is 'The audit log: append-only.';
comment on schema reference is 'Reference data: the same for all users, loaded by seeds.';
comment on schema ml        is 'The model registry.';
comment on schema analytics is 'Aggregates without personal data.';
comment on schema ops       is 'Operation of this database: the ledger of migrations, and the catalog as they left it.';

-- What Postgres grants to PUBLIC by default: schema public, code blocks (DO), large objects (which we do not use and which belong to no
-- schema) and messages in the write-ahead log.
revoke all on schema public from public;
revoke usage on language plpgsql from public;
grant  usage on language plpgsql to hma_owner;
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
revoke execute on function pg_logical_emit_message(boolean, text, text, boolean), pg_logical_emit_message(boolean, text, bytea, boolean) from public;

-- What a base backup of the archive calls (docs/archive.md). It writes no row.
grant execute on function
    pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_switch_wal(), pg_create_restore_point(text)
to hma_backup;

-- Default privileges belong to the role that creates an object, so they are set for every role that may create one.
-- Default privileges of PUBLIC can be revoked only without `in schema`: the form with a schema has no effect and no error.
alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    revoke execute on functions from public;
alter default privileges for role hma_owner, hma_migrator, hma_auth_definer, hma_audit_writer, hma_analytics_definer
    revoke usage on types from public;

-- Event triggers run in the session of everybody, also of a superuser, so nothing of them may belong to a role that others can become:
-- its owner could replace the body. They are in a schema that only a superuser may change.
create schema if not exists guard;
comment on schema guard is 'What protects the schema from its owner; belongs to the superuser.';
revoke all  on schema guard from public;
grant usage on schema guard to hma_owner, hma_ddl_writer;

create table if not exists guard.prelude (
    only_row boolean not null default true,
    checksum text    not null,
    constraint there_is_one_prelude primary key (only_row),
    constraint preludes_have_one_row check (only_row)
);
comment on table guard.prelude is 'Which roles.sql and database.sql this database was prepared with. A runner locks it, which only the owner of the schema may do.';
comment on column guard.prelude.only_row is 'Always true: the table has one row.';
comment on column guard.prelude.checksum is 'SHA-256 of both files, and the versions of the extensions.';
grant select, maintain on guard.prelude to hma_owner;

create table if not exists guard.ddl_log (
    id             bigint      not null generated always as identity,
    occurred_at    timestamptz not null default clock_timestamp(),
    login          text        not null default session_user,
    transaction_id xid8        not null default pg_current_xact_id(),
    command        text        not null,
    object_type    text        not null,
    object         text,
    statement      text,
    constraint ddl_is_numbered primary key (id)
);
comment on table guard.ddl_log is 'Every change of the schema. Not even the owner of the schema can write to it.';
comment on column guard.ddl_log.id             is 'Order of writing.';
comment on column guard.ddl_log.occurred_at    is 'When the command ended.';
comment on column guard.ddl_log.login          is 'The login that ran it.';
comment on column guard.ddl_log.transaction_id is 'Its transaction.';
comment on column guard.ddl_log.command        is 'The command, such as ALTER TABLE.';
comment on column guard.ddl_log.object_type    is 'Kind of object.';
comment on column guard.ddl_log.object         is 'The object; null where Postgres does not name it, as for GRANT.';
comment on column guard.ddl_log.statement      is 'The beginning of the query, where Postgres does not name the object.';
grant select on guard.ddl_log to hma_owner;
grant insert on guard.ddl_log to hma_ddl_writer;

drop event trigger if exists the_owner_changes_the_schema;
drop event trigger if exists audit_ddl_is_recorded;
drop event trigger if exists audit_drops_are_recorded;
drop function if exists guard.refuse_ddl();
drop function if exists guard.record_ddl();

-- In Postgres every role can drop its own privileges (DROP OWNED) and set its own default privileges; no grant or revoke prevents it.
-- One injected statement would lock the application out, so only a login that may become the owner may change the schema.
-- The check is on the login and not on the current role, because migrations change ownership as a definer role.
-- A rule can swallow rows without an error, among them those of the audit, so there are none. Nor is there a subscription: statement
-- triggers, which record inserts and deletes, do not fire for the rows that it brings.
create function guard.refuse_ddl() returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
    if not pg_has_role(session_user, 'hma_owner', 'set') then
        raise exception using
            errcode = 'insufficient_privilege', constraint = 'the_owner_changes_the_schema',
            message = format('%s is no act of %I: the owner changes the schema', tg_tag, session_user);
    end if;
    if tg_tag = 'CREATE SUBSCRIPTION' then
        raise exception using
            errcode = 'insufficient_privilege', constraint = 'no_rows_arrive_unaudited',
            message = 'rows that a subscription inserts leave no audit row';
    end if;
    if tg_tag = 'CREATE RULE' and not (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = session_user) then
        raise exception using
            errcode = 'insufficient_privilege', constraint = 'rules_swallow_no_rows',
            message = 'a rule can swallow rows without an error', hint = 'write a trigger.';
    end if;
end
$$;
comment on function guard.refuse_ddl() is 'Refuses every change of the schema by a login that may not become its owner, every rule and every subscription.';

-- It runs as a role that nobody can become, and writes to a table of the superuser: code of a lesser role would otherwise run in the
-- session of a superuser who changes the schema.
create function guard.record_ddl() returns event_trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_event = 'sql_drop' then
        insert into guard.ddl_log (command, object_type, object)
        select tg_tag, d.object_type, d.object_identity
          from pg_catalog.pg_event_trigger_dropped_objects() d
         where (d.original or d.object_type = 'table') and not d.is_temporary;
    else
        insert into guard.ddl_log (command, object_type, object, statement)
        select c.command_tag, c.object_type, c.object_identity, case when c.object_identity is null then left(current_query(), 500) end
          from pg_catalog.pg_event_trigger_ddl_commands() c
         where c.schema_name is distinct from 'pg_temp';
    end if;
end
$$;
comment on function guard.record_ddl() is 'Records each object that a command creates, alters or drops, and each grant.';
alter function guard.record_ddl() owner to hma_ddl_writer;
revoke execute on function guard.refuse_ddl(), guard.record_ddl() from public;

create event trigger the_owner_changes_the_schema on ddl_command_start execute function guard.refuse_ddl();
create event trigger audit_ddl_is_recorded        on ddl_command_end   execute function guard.record_ddl();
create event trigger audit_drops_are_recorded     on sql_drop          execute function guard.record_ddl();
comment on event trigger the_owner_changes_the_schema is 'Only migrations change the schema.';
comment on event trigger audit_ddl_is_recorded        is 'Disabling a part of the audit is recorded, like every change of the schema.';
comment on event trigger audit_drops_are_recorded     is 'Dropping a part of the audit is recorded, like every drop.';
