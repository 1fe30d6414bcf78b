-- 0012 schema guard
-- needs:  0001
-- proves: C1.0.2, C1.0.3
-- run-as: login
-- In Postgres every role can drop its own privileges (DROP OWNED) and set its own default privileges; no grant or revoke prevents it.
-- One injected statement would lock the application out, so only a login that may become the owner may change the schema.
-- The check is on the login and not on the current role, because migrations change ownership as a definer role.
-- It runs as the login because only a superuser may create an event trigger.
create function ops.refuse_ddl() returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
    if not pg_has_role(session_user, 'hma_owner', 'set') then
        raise exception using
            errcode = 'insufficient_privilege', constraint = 'the_owner_changes_the_schema',
            message = format('%s is no act of %I: the owner changes the schema', tg_tag, session_user);
    end if;
end
$$;
alter function ops.refuse_ddl() owner to hma_owner;
revoke execute on function ops.refuse_ddl() from public;
comment on function ops.refuse_ddl() is 'Refuses every change of the schema by a login that may not become its owner.';

create event trigger the_owner_changes_the_schema on ddl_command_start execute function ops.refuse_ddl();
comment on event trigger the_owner_changes_the_schema is 'Only migrations change the schema.';
