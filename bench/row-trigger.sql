-- An audit by row trigger, as common designs have it: after each row, old and new as JSON, an index for the history of a
-- row. What bench/audit.ts compares with. It has no months, no hash, no allow-list and no actor.
create schema versions;
create type versions.operation as enum ('insert', 'update', 'delete');
create table versions.version (
    id            bigint generated always as identity primary key,
    record_id     uuid,
    old_record_id uuid,
    operation     versions.operation not null,
    noted_at      timestamptz        not null default now(),
    table_oid     oid                not null,
    table_schema  name               not null,
    table_name    name               not null,
    record        jsonb,
    old_record    jsonb
);
create index versions_of_a_record     on versions.version (record_id)     where record_id is not null;
create index versions_of_a_old_record on versions.version (old_record_id) where old_record_id is not null;
create index versions_by_time         on versions.version using brin (noted_at);
create index versions_by_table        on versions.version (table_oid);

create function versions.keep() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    is_now constant jsonb := to_jsonb(new);
    was    constant jsonb := to_jsonb(old);
begin
    insert into versions.version (record_id, old_record_id, operation, table_oid, table_schema, table_name, record, old_record)
    values ((is_now ->> 'id')::uuid, (was ->> 'id')::uuid, lower(tg_op)::versions.operation, tg_relid, tg_table_schema, tg_table_name, is_now, was);
    return null;
end
$$;
create trigger versions_are_kept after insert or update or delete on auth.users
    for each row execute function versions.keep();
