-- 0008 environment
-- needs:  0003
-- proves: B1.4.3
-- What kind of database this is, written in it, so that a script with a wrong address cannot mistake it. `apply` marks it by
-- HMA_ENVIRONMENT. Production stays production, and begins as it.
create table ops.environment (
    only_row  boolean     not null default true,
    name      text        not null,
    marked_at timestamptz not null default clock_timestamp(),
    constraint there_is_one_environment primary key (only_row),
    constraint environments_have_one_row check (only_row),
    constraint environments_are_known    check (name in ('development', 'test', 'production'))
);
comment on table ops.environment is 'What kind of database this is: one row, or none while it is unmarked.';
comment on column ops.environment.only_row  is 'There is only one.';
comment on column ops.environment.name      is 'development, test or production.';
comment on column ops.environment.marked_at is 'Since when.';

create trigger production_stays_production before update or delete on ops.environment
    for each row when (old.name = 'production') execute function ops.refuse_change();
create trigger production_stays_production_as_a_whole before truncate on ops.environment
    for each statement execute function ops.refuse_change();
-- What was open to test people, whose password everybody knows, does not become production either.
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
comment on function ops.mark_environment(text) is 'Marks this database as development, test or production; the same mark again changes nothing.';
