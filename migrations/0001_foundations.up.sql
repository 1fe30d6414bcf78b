-- 0001 foundations
-- needs:  roles.sql, database.sql
-- proves: B1.0.1, B1.3.1
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
comment on function ops.stamp_times() is 'Sets created_at and updated_at; values that the client sends for them are ignored.';
