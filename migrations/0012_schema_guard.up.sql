-- 0012 schema guard
-- needs:  0001
-- proves: C1.0.2, C1.0.3
-- run-as: login
-- Postgres lets every role give away its own privileges for good (DROP OWNED) and write default privileges of its own, and no
-- grant or revoke changes that: one statement slipped into the application would lock the application out. So whoever may
-- not become the owner of the schema changes nothing of it. It asks for the login, because a migration hands objects over
-- as a narrow role. It runs as the login because only a superuser may make an event trigger.
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
comment on function ops.refuse_ddl() is 'Refuses every change of the schema to a login that may not become its owner.';

create event trigger the_owner_changes_the_schema on ddl_command_start execute function ops.refuse_ddl();
comment on event trigger the_owner_changes_the_schema is 'The schema is changed by its migrations, not by the application.';
