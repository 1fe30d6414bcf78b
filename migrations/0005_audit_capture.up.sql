-- 0005 audit capture
-- needs:  0003
-- proves: B1.3.2, B1.3.3, B1.2.4, C1.0.4
-- Whatever changes a watched table writes an audit row in the same transaction, or does not happen. Only columns on the
-- table's allow-list are copied: a new column stays out until somebody has decided about it. Inserts and deletes are captured
-- by statement, because a bulk load then costs a third less; updates by row, because nothing pairs old with new rows otherwise.
create function audit.write(
    action text, entity text, entity_id uuid default null, details jsonb default '{}'
) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.require_month();
    insert into audit.audit_log (id, occurred_at, action, entity, entity_id, actor_id, actor_role, request_id, transaction_id, details, row_hash)
    select e.*, audit.digest(e.id, e.occurred_at, e.action, e.entity, e.entity_id, e.actor_id, e.actor_role, e.request_id, e.transaction_id, e.details)
      from (select nextval('audit.audit_log_id') as id, clock_timestamp() as occurred_at, write.action, write.entity, write.entity_id,
                   nullif(current_setting('hma.actor', true), '')::uuid as actor_id, session_user::text as actor_role,
                   nullif(current_setting('hma.request', true), '') as request_id, pg_current_xact_id() as transaction_id, write.details) e;
end
$$;
comment on function audit.write(text, text, uuid, jsonb) is 'Writes one audit row in the caller''s transaction.';

-- Postgres would answer a missing leaf with a check violation that has no name: too easily taken for a broken rule.
create function audit.require_month() returns void
language plpgsql stable
set search_path = ''
as $$
begin
    if to_regclass('audit.' || audit.leaf_of(clock_timestamp())) is null then
        raise exception using
            errcode = 'object_not_in_prerequisite_state', constraint = 'audit_months_are_prepared',
            schema = 'audit', table = audit.leaf_of(clock_timestamp()),
            message = format('audit has no leaf %s for this month', audit.leaf_of(clock_timestamp())),
            hint = 'select audit.ensure_partitions(), as scripts/migrate.sh apply does.';
    end if;
end
$$;
comment on function audit.require_month() is 'Refuses to go on, naming the missing month, when this month has no leaf.';

-- The actor is noted before the outermost statement begins, and whatever stood there is overwritten: a client cannot forge
-- it, and who ends a session or an account is still known when its row is gone.
create function audit.note_actor() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if pg_trigger_depth() = 1 then
        perform set_config('hma.actor', coalesce(auth.current_user_id()::text, ''), true);
    end if;
    return null;
end
$$;
comment on function audit.note_actor() is 'Notes on whose session the statement runs.';

create function audit.capture_rows() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    side    constant text := case tg_op when 'INSERT' then 'new' else 'old' end;
    actor   constant uuid := nullif(current_setting('hma.actor', true), '')::uuid;
    request constant text := nullif(current_setting('hma.request', true), '');
begin
    perform audit.require_month();
    insert into audit.audit_log (id, occurred_at, action, entity, entity_id, actor_id, actor_role, request_id, transaction_id, details, row_hash)
    select e.*, audit.digest(e.id, e.occurred_at, e.action, e.entity, e.entity_id, e.actor_id, e.actor_role, e.request_id, e.transaction_id, e.details)
      from (select nextval('audit.audit_log_id') as id, clock_timestamp() as occurred_at, lower(tg_op) as action,
                   tg_table_schema || '.' || tg_table_name as entity, (r.content ->> 'id')::uuid as entity_id,
                   actor as actor_id, session_user::text as actor_role, request as request_id, pg_current_xact_id() as transaction_id,
                   jsonb_build_object(side, (select coalesce(jsonb_object_agg(c, r.content -> c), '{}') from unnest(tg_argv) c)) as details
              from (select to_jsonb(t) as content from touched t) r) e;
    return null;
end
$$;
comment on function audit.capture_rows() is 'One audit row for each row that a statement inserted or deleted. Its arguments are the columns that may be copied.';

create function audit.capture_update() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    was constant jsonb := to_jsonb(old);
begin
    perform audit.write(
        'update', tg_table_schema || '.' || tg_table_name, old.id,
        (select jsonb_build_object(
                    'changed', coalesce(jsonb_agg(n.key order by n.key), '[]'),
                    'old', coalesce(jsonb_object_agg(n.key, was -> n.key) filter (where n.key = any (tg_argv)), '{}'),
                    'new', coalesce(jsonb_object_agg(n.key, n.value)      filter (where n.key = any (tg_argv)), '{}'))
           from jsonb_each(to_jsonb(new)) n
          where n.value is distinct from was -> n.key and n.key <> 'updated_at')
    );
    return null;
end
$$;
comment on function audit.capture_update() is 'One audit row for an updated row: names of the changed columns, values of those that may be copied.';

create function audit.capture_truncate() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.write('truncate', tg_table_schema || '.' || tg_table_name);
    return null;
end
$$;
comment on function audit.capture_truncate() is 'One audit row for a table that was emptied.';

create function audit.watch(watched regclass, variadic may_be_copied name[] default '{}') returns void
language plpgsql
set search_path = ''
as $$
declare
    arguments constant text := (select coalesce(string_agg(quote_literal(c), ', '), '') from unnest(may_be_copied) c);
begin
    execute format(
        'create trigger actors_are_noted before insert or update or delete or truncate on %s
            for each statement execute function audit.note_actor()', watched);
    execute format(
        'create trigger inserts_are_audited after insert on %s referencing new table as touched
            for each statement execute function audit.capture_rows(%s)', watched, arguments);
    execute format(
        'create trigger updates_are_audited after update on %s
            for each row execute function audit.capture_update(%s)', watched, arguments);
    execute format(
        'create trigger deletes_are_audited after delete on %s referencing old table as touched
            for each statement execute function audit.capture_rows(%s)', watched, arguments);
    execute format(
        'create trigger truncates_are_audited after truncate on %s
            for each statement execute function audit.capture_truncate()', watched);
end
$$;
comment on function audit.watch(regclass, name[]) is 'Puts a table under audit; only the columns named may be copied into it.';

-- The writers run as a role that can do nothing but add audit rows. Handing a function over needs CREATE for the
-- moment, and what the old owner grants, it grants before.
grant execute on function audit.write(text, text, uuid, jsonb) to hma_auth_definer;
grant usage, create on schema audit to hma_audit_writer;
alter function audit.write(text, text, uuid, jsonb) owner to hma_audit_writer;
alter function audit.note_actor()                   owner to hma_audit_writer;
alter function audit.capture_rows()                 owner to hma_audit_writer;
alter function audit.capture_update()               owner to hma_audit_writer;
alter function audit.capture_truncate()             owner to hma_audit_writer;
revoke create on schema audit from hma_audit_writer;
-- A trigger may be made only by who may execute its function.
set local role hma_audit_writer;
grant execute on function audit.write(text, text, uuid, jsonb), audit.note_actor(), audit.capture_rows(), audit.capture_update(), audit.capture_truncate() to hma_owner;
set local role hma_owner;
grant insert on audit.audit_log            to hma_audit_writer;
grant usage on sequence audit.audit_log_id to hma_audit_writer;
grant execute on function audit.require_month()                    to hma_audit_writer;
grant execute on function audit.leaf_of(timestamptz)               to hma_audit_writer;
grant execute on function audit.framed(text)                       to hma_audit_writer;
grant execute on function audit.digest(bigint, timestamptz, text, text, uuid, uuid, text, text, xid8, jsonb) to hma_audit_writer;
