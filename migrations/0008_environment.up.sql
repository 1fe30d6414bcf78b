-- 0008 environment
-- needs:  0003
-- proves: B1.4.3
-- The kind of this database (development, test, production), stored in it, so that a script that connects to the wrong database can notice.
-- `apply` sets it from HMA_ENVIRONMENT. A production database stays one, and no other database becomes one.
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
create trigger production_stays_production_as_a_whole before truncate on ops.environment
    for each statement execute function ops.refuse_change();
-- A database with the named test users, whose password is public, must not become a production database.
create trigger production_starts_as_production before update on ops.environment
    for each row when (new.name = 'production' and old.name <> 'production') execute function ops.refuse_change();

create function ops.mark_environment(name text) returns void
language sql
set search_path = ''
begin atomic
    insert into ops.environment (name) values (mark_environment.name)
    on conflict (only_row) do update set name = excluded.name, marked_at = clock_timestamp()
     where environment.name <> excluded.name;
end;
comment on function ops.mark_environment(text) is 'Sets the kind of this database; setting the same kind again changes nothing.';
