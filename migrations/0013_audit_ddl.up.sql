-- 0013 audit of DDL
-- needs:  0005
-- proves: B1.2.5, B1.2.7
-- run-as: login
-- A role that may change the audit's objects or the audited tables can disable the audit, so each such change writes an audit row. It
-- runs as the login because only a superuser may create an event trigger.

-- A trigger, rule or policy has no schema of its own: it counts as in the schema of its table.
create function audit.home_of(classid oid, objid oid, schema_name text) returns text
language sql stable
set search_path = ''
return coalesce(home_of.schema_name, (
    select c.relnamespace::regnamespace::text
      from pg_catalog.pg_class c
     where c.oid = case home_of.classid
               when 'pg_catalog.pg_trigger'::regclass then (select t.tgrelid  from pg_catalog.pg_trigger t where t.oid = home_of.objid)
               when 'pg_catalog.pg_rewrite'::regclass then (select r.ev_class from pg_catalog.pg_rewrite r where r.oid = home_of.objid)
               when 'pg_catalog.pg_policy'::regclass  then (select p.polrelid from pg_catalog.pg_policy p  where p.oid = home_of.objid)
           end
));
comment on function audit.home_of(oid, oid, text) is 'The schema of the object of a command, or of its table.';

create function audit.is_recorded(schema_name text, object_type text) returns boolean
language sql immutable
return case schema_name
    when 'audit' then object_type in ('table', 'trigger', 'rule', 'policy', 'function', 'procedure', 'sequence')
    when 'auth'  then object_type in ('table', 'trigger', 'rule', 'policy')
    when 'ops'   then object_type in ('function', 'trigger')
    else false
end;
comment on function audit.is_recorded(text, text) is 'Whether a change of such an object is audited: the audit itself, the audited tables and the functions that protect them.';

-- Creating the leaf of this month cannot be audited, because the audit row needs that leaf; attaching it is audited.
create function audit.record_ddl() returns event_trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.write('ddl', c.object_identity, null, jsonb_build_object('command', c.command_tag))
       from pg_catalog.pg_event_trigger_ddl_commands() c
      where audit.is_recorded(audit.home_of(c.classid, c.objid, c.schema_name), c.object_type)
        and not (c.object_identity = 'audit.' || audit.leaf_of(clock_timestamp()) and not audit.has_month(clock_timestamp()));
end
$$;
create function audit.record_drop() returns event_trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.write('ddl', d.object_identity, null, jsonb_build_object('command', tg_tag))
       from pg_catalog.pg_event_trigger_dropped_objects() d
      where audit.is_recorded(coalesce(d.schema_name, d.address_names[1]), d.object_type)
        and (d.original or d.object_type = 'table') and not d.is_temporary;
end
$$;
comment on function audit.record_ddl()  is 'Audits each object of the audit and the audited tables that is created or altered.';
comment on function audit.record_drop() is 'Audits each of these objects that is dropped.';
grant execute on function audit.home_of(oid, oid, text), audit.is_recorded(text, text) to hma_audit_writer;
alter function audit.home_of(oid, oid, text)     owner to hma_owner;
alter function audit.is_recorded(text, text)     owner to hma_owner;
alter function audit.record_ddl()                owner to hma_audit_writer;
alter function audit.record_drop()               owner to hma_audit_writer;
revoke execute on function audit.home_of(oid, oid, text), audit.is_recorded(text, text), audit.record_ddl(), audit.record_drop() from public;

create event trigger audit_ddl_is_recorded   on ddl_command_end execute function audit.record_ddl();
create event trigger audit_drops_are_recorded on sql_drop        execute function audit.record_drop();
comment on event trigger audit_ddl_is_recorded    is 'Disabling a part of the audit writes an audit row.';
comment on event trigger audit_drops_are_recorded is 'Dropping a part of the audit writes an audit row.';
