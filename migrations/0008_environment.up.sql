-- 0008 environment
-- needs:  0007
-- proves: B1.4.3
-- The kind of this database (development, test, production), stored in it, so that a script that connects to the wrong database can notice.
-- `apply` sets it from HMA_ENVIRONMENT. A production database stays one, and no other database becomes one: neither by an update, nor
-- because its mark was deleted in between.
create table ops.environment (
    only_row  boolean     not null default true,
    name      text        not null,
    marked_at timestamptz not null default clock_timestamp(),
    constraint there_is_one_environment primary key (only_row),
    constraint environments_have_one_row check (only_row),
    constraint environments_are_known    check (name in ('development', 'test', 'production'))
);
comment on table ops.environment is 'The kind of this database: one row, or none while it is not set.';
comment on column ops.environment.only_row  is 'Always true: the table has one row.';
comment on column ops.environment.name      is 'development, test or production.';
comment on column ops.environment.marked_at is 'When it was set.';

create trigger production_stays_production before update or delete on ops.environment
    for each row when (old.name = 'production') execute function ops.refuse_change();
create trigger the_environment_is_kept before delete on ops.environment
    for each row execute function ops.refuse_change();
create trigger production_stays_production_as_a_whole before truncate on ops.environment
    for each statement execute function ops.refuse_change();
-- A database with the named test users, whose password is public, must not become a production database.
create trigger production_starts_as_production before update on ops.environment
    for each row when (new.name = 'production' and old.name <> 'production') execute function ops.refuse_change();

-- For a database that was never marked. The test users have addresses in the domain .example, which belongs to nobody (RFC 2606). It
-- runs as a role that sees them although row security is forced on the owner.
create function ops.refuse_test_users() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if exists (select from auth.users u where u.email ~* '[.@]example$') then
        raise exception using
            errcode = 'restrict_violation', constraint = tg_name, schema = tg_table_schema, table = tg_table_name,
            message = 'this database has test users, whose password is public', hint = 'production starts as another database.';
    end if;
    return null;
end
$$;
comment on function ops.refuse_test_users() is 'Refuses to mark a database with test users as production.';
create trigger production_has_no_test_users after insert on ops.environment
    for each row when (new.name = 'production') execute function ops.refuse_test_users();
grant usage, create on schema ops to hma_auth_definer;
alter function ops.refuse_test_users() owner to hma_auth_definer;
revoke create on schema ops from hma_auth_definer;

create function ops.mark_environment(name text) returns void
language sql
set search_path = ''
begin atomic
    insert into ops.environment (name) values (mark_environment.name)
    on conflict (only_row) do update set name = excluded.name, marked_at = clock_timestamp()
     where environment.name <> excluded.name;
end;
comment on function ops.mark_environment(text) is 'Sets the kind of this database; setting the same kind again changes nothing.';
