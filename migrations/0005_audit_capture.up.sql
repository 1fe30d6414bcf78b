-- 0005 audit capture
-- needs:  0003
-- proves: B1.3.2, B1.3.3, B1.2.4, C1.0.4
-- A change of an audited table writes an audit row in the same transaction, or fails. Only the values of columns on the table's
-- allow-list are copied, so a new column is not audited until its migration says so: audit.watch has the allow-list, and the comment of
-- the column says `audited`. Inserts and deletes are captured per statement, which halves the cost of a bulk load; updates per
-- row, because a statement trigger cannot pair old and new rows.
-- An audit row has its own id and time, so id, created_at and updated_at of the changed row are not copied.
-- Functions that only the audit's own functions call set no search path: they use that of the caller, and setting it again costs more
-- than some of them do.

-- For a missing leaf Postgres itself reports a check violation without a name, which looks like a broken rule.
create function audit.require_month(moment timestamptz) returns void
language plpgsql stable
as $$
begin
    if not audit.has_month(moment) then
        raise exception using
            errcode = 'object_not_in_prerequisite_state', constraint = 'audit_months_are_prepared',
            schema = 'audit', table = audit.leaf_of(moment),
            message = format('audit has no leaf %s for this month', audit.leaf_of(moment)), hint = 'scripts/audit.sh prepare';
    end if;
end
$$;
comment on function audit.require_month(timestamptz) is 'Fails when no leaf exists for this time; the error names the missing month.';

-- The id is taken inside the insert statement: by then the log is locked, and a seal waits for that lock.
create function audit.append(action text, entity text, entity_id uuid, actor_id uuid, details jsonb) returns void
language plpgsql
as $$
declare
    moment     constant timestamptz := clock_timestamp();
    actor_role constant text := session_user;
    request_id constant text := nullif(current_setting('hma.request', true), '');
    xact       constant xid8 := pg_current_xact_id();
begin
    perform audit.require_month(moment);
    insert into audit.audit_log (id, occurred_at, action, entity, entity_id, actor_id, actor_role, request_id, transaction_id, details, row_hash)
    select e.id, moment, action, entity, entity_id, actor_id, actor_role, request_id, xact, details,
           audit.digest(audit.circumstances(moment, action, entity, actor_id, actor_role, request_id, xact), e.id, entity_id, details)
      from (select nextval('audit.audit_log_id') as id) e;
    -- A rule or trigger on the log can swallow a row without an error.
    if not found then
        raise exception using
            errcode = 'data_exception', constraint = 'audit_rows_are_written', schema = 'audit', table = 'audit_log',
            message = format('the audit row for %s of %s was not written', action, entity);
    end if;
end
$$;
comment on function audit.append(text, text, uuid, uuid, jsonb) is 'Adds one audit row.';

create function audit.write(action text, entity text, entity_id uuid default null, details jsonb default '{}') returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.append(action, entity, entity_id, null, details);
end
$$;
comment on function audit.write(text, text, uuid, jsonb) is 'Writes one audit row without an actor in the caller''s transaction.';

-- auth.identify stores the session and its user in a setting that the application can read and cannot change; see 0007. A login that can
-- become hma_auth_definer could write that setting itself, or read the hash of a token, so what it changes is recorded for no user. A
-- superuser can do that, too, and could replace this function.
-- What is stored are 64 digits, _ and 32 digits. Written with {64} and {32}, this test took 80 us of each call; in three parts it takes 4.
create function audit.actor() returns uuid
language sql stable
return case
    when length(current_setting('backtrace_functions')) = 97 and substr(current_setting('backtrace_functions'), 65, 1) = '_'
        and current_setting('backtrace_functions') ~ '^[0-9a-f]+_[0-9a-f]+$'
        and (not pg_has_role(session_user, 'hma_auth_definer', 'set') or current_setting('is_superuser') = 'on')
    then right(current_setting('backtrace_functions'), 32)::uuid
end;
comment on function audit.actor() is 'The user whose session identified this transaction, even if that session has ended since; null without one, and for a login that may become the owner.';

create function audit.capture_update() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    was constant jsonb := to_jsonb(old);
    -- A row that changes its id would else be lost sight of.
    may_be_copied constant text[] := array_append(tg_argv, 'id');
begin
    perform audit.append(
        'update', tg_table_schema || '.' || tg_table_name, old.id, audit.actor(),
        (select jsonb_build_object(
                    'changed', coalesce(jsonb_agg(n.key order by n.key), '[]'),
                    'old', coalesce(jsonb_object_agg(n.key, was -> n.key) filter (where n.key = any (may_be_copied)), '{}'),
                    'new', coalesce(jsonb_object_agg(n.key, n.value)      filter (where n.key = any (may_be_copied)), '{}'))
           from jsonb_each(to_jsonb(new)) n
          where n.value is distinct from was -> n.key and n.key <> 'updated_at')
    );
    return null;
end
$$;
comment on function audit.capture_update() is 'Writes one audit row for each updated row: names of the changed columns, values of those on the allow-list.';

create function audit.capture_truncate() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    perform audit.append('truncate', tg_table_schema || '.' || tg_table_name, null, audit.actor(), '{}');
    return null;
end
$$;
comment on function audit.capture_truncate() is 'Writes one audit row when the table is truncated.';

create function audit.capture_of(watched regclass) returns text
language sql stable
set search_path = ''
return (
    select format('audit.%I()', 'rows_of_' || c.relnamespace::regnamespace::text || '_' || c.relname)
      from pg_catalog.pg_class c where c.oid = capture_of.watched
);
comment on function audit.capture_of(regclass) is 'Name of the function that audits inserts and deletes of a table.';

-- Each table gets its own function, which names the allowed columns; other columns cannot be copied. One function for all tables, which
-- converts rows to JSON and selects keys, made a bulk load a quarter slower.
create function audit.watch(watched regclass, variadic may_be_copied name[] default '{}') returns void
language plpgsql
set search_path = ''
as $watch$
declare
    capture   constant text := audit.capture_of(watched);
    arguments constant text := (select coalesce(string_agg(quote_literal(c), ', '), '') from unnest(may_be_copied) c);
    copied    constant text := (select coalesce(string_agg(format('%L, t.%I', c, c), ', '), '') from unnest(may_be_copied) c);
    missing   constant name[] := array(
        select c from unnest(array_append(may_be_copied, 'id'::name)) c
        except select a.attname from pg_catalog.pg_attribute a where a.attrelid = watched and a.attnum > 0 and not a.attisdropped
    );
begin
    if missing <> '{}' then
        raise exception using
            errcode = 'undefined_column', constraint = 'watched_tables_have_their_columns',
            message = format('%s has no column %s', watched, array_to_string(missing, ', ')),
            hint = 'name columns that it has; and an id, of type uuid, is how the log names its rows.';
    end if;
    execute format(
        $create$
        create function %s returns trigger
        language plpgsql security definer
        set search_path = ''
        as $capture$
        declare
            side       constant text := case tg_op when 'INSERT' then 'new' else 'old' end;
            moment     constant timestamptz := clock_timestamp();
            action     constant text := lower(tg_op);
            entity     constant text := tg_table_schema || '.' || tg_table_name;
            actor_id   constant uuid := audit.actor();
            actor_role constant text := session_user;
            request_id constant text := nullif(current_setting('hma.request', true), '');
            xact       constant xid8 := pg_current_xact_id();
            shared     constant bytea := audit.circumstances(moment, action, entity, actor_id, actor_role, request_id, xact);
        begin
            perform audit.require_month(moment);
            insert into audit.audit_log (id, occurred_at, action, entity, entity_id, actor_id, actor_role, request_id, transaction_id, details, row_hash)
            select e.id, moment, action, entity, e.entity_id, actor_id, actor_role, request_id, xact, e.details,
                   audit.digest(shared, e.id, e.entity_id, e.details)
              from (select nextval('audit.audit_log_id') as id, t.id as entity_id,
                           jsonb_build_object(side, jsonb_build_object(%s)) as details
                      from touched t) e;
            return null;
        end
        $capture$
        $create$,
        capture, copied
    );
    execute format('comment on function %s is %L', capture, format('One audit row for each row that a statement inserted into or deleted from %s.', watched));
    execute format('revoke execute on function %s from public', capture);
    execute format(
        'create trigger inserts_are_audited after insert on %s referencing new table as touched
            for each statement execute function %s', watched, capture);
    execute format(
        'create trigger updates_are_audited after update on %s
            for each row execute function audit.capture_update(%s)', watched, arguments);
    execute format(
        'create trigger deletes_are_audited after delete on %s referencing old table as touched
            for each statement execute function %s', watched, capture);
    execute format(
        'create trigger truncates_are_audited after truncate on %s
            for each statement execute function audit.capture_truncate()', watched);
    -- Always, so that a session in replica mode, which skips ordinary triggers, is audited too.
    execute format(
        'alter table %s enable always trigger inserts_are_audited, enable always trigger updates_are_audited, enable always trigger deletes_are_audited,
            enable always trigger truncates_are_audited', watched);
    grant create on schema audit to hma_audit_writer;
    execute format('alter function %s owner to hma_audit_writer', capture);
    revoke create on schema audit from hma_audit_writer;
end
$watch$;
comment on function audit.watch(regclass, name[]) is 'Audits a table; only the values of the columns named are copied.';

create function audit.unwatch(watched regclass) returns void
language plpgsql
set search_path = ''
as $$
begin
    execute format('drop trigger inserts_are_audited on %s', watched);
    execute format('drop trigger updates_are_audited on %s', watched);
    execute format('drop trigger deletes_are_audited on %s', watched);
    execute format('drop trigger truncates_are_audited on %s', watched);
    execute format('drop function %s', audit.capture_of(watched));
end
$$;
comment on function audit.unwatch(regclass) is 'Ends the audit of a table: to undo a migration, or before audit.watch with other columns.';

-- The trigger functions run as hma_audit_writer, a role that can only add audit rows. The new owner of a function needs CREATE on the
-- schema while ownership changes, and the old owner grants before that.
grant execute on function audit.write(text, text, uuid, jsonb) to hma_auth_definer;
grant usage, create on schema audit to hma_audit_writer;
alter function audit.write(text, text, uuid, jsonb) owner to hma_audit_writer;
alter function audit.capture_update()               owner to hma_audit_writer;
alter function audit.capture_truncate()             owner to hma_audit_writer;
revoke create on schema audit from hma_audit_writer;
-- Only a role that may execute a function may create a trigger with it.
set local role hma_audit_writer;
grant execute on function audit.capture_update(), audit.capture_truncate() to hma_owner;
set local role hma_owner;
grant insert on audit.audit_log            to hma_audit_writer;
grant usage on sequence audit.audit_log_id to hma_audit_writer;
grant execute on function
    audit.leaf_of(timestamptz), audit.has_month(timestamptz), audit.require_month(timestamptz),
    audit.circumstances(timestamptz, text, text, uuid, text, text, xid8), audit.digest(bytea, bigint, uuid, jsonb),
    audit.append(text, text, uuid, uuid, jsonb), audit.actor()
to hma_audit_writer;
