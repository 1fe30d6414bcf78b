-- 0012 audit of DDL
-- needs:  0005
-- proves: B1.2.5, B1.2.7
-- run-as: login
-- Who may change the audit's own objects could switch its guards off. Doing so leaves a row. It runs as the login because only a
-- superuser may make an event trigger.
create function audit.record_ddl() returns event_trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.write('ddl', coalesce(c.object_identity, 'audit'), null, jsonb_build_object('command', c.command_tag))
       from pg_event_trigger_ddl_commands() c
      where c.schema_name = 'audit' and c.object_type in ('table', 'trigger', 'function', 'index', 'sequence');
end
$$;
create function audit.record_drop() returns event_trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.write('ddl', d.object_identity, null, jsonb_build_object('command', tg_tag))
       from pg_event_trigger_dropped_objects() d
      where d.schema_name = 'audit' and (d.original or d.object_type = 'table') and not d.is_temporary;
end
$$;
comment on function audit.record_ddl()  is 'Records what was created or altered in schema audit.';
comment on function audit.record_drop() is 'Records what was dropped from schema audit.';
alter function audit.record_ddl()  owner to hma_audit_writer;
alter function audit.record_drop() owner to hma_audit_writer;
revoke execute on function audit.record_ddl(), audit.record_drop() from public;

create event trigger audit_ddl_is_recorded   on ddl_command_end execute function audit.record_ddl();
create event trigger audit_drops_are_recorded on sql_drop        execute function audit.record_drop();
comment on event trigger audit_ddl_is_recorded    is 'Switching the audit''s guards off leaves a row.';
comment on event trigger audit_drops_are_recorded is 'Dropping a part of the audit leaves a row.';
