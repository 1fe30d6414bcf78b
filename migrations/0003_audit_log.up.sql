-- 0003 audit log
-- needs:  0001
-- proves: B1.2.1, B1.2.2, B1.2.3, B1.2.4, B1.2.5, B1.2.6, B1.2.7
-- The audit log, with one leaf (partition) per month in UTC. It has no default partition: that would hide that the job which creates
-- leaves has stopped, and Postgres would search it for every new leaf. Without a leaf for its month an audit row cannot be
-- written, and the change that it records fails too.
-- Each row contains a hash of its content, and seals over windows of rows form a chain, so that edits are detected. A chain over
-- single rows would make writers wait for each other.

-- The name of the trigger is the rule that the error names.
create function ops.refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception using
        errcode = 'restrict_violation', constraint = tg_name, schema = tg_table_schema, table = tg_table_name,
        message = format('%s on %I.%I breaks the rule %I', tg_op, tg_table_schema, tg_table_name, tg_name);
end
$$;
comment on function ops.refuse_change() is 'Refuses the change; the error names the trigger as the broken rule.';

create sequence audit.audit_log_id as bigint;
comment on sequence audit.audit_log_id is 'Ids of audit rows, in the order of writing.';

create table audit.audit_log (
    id             bigint      not null default nextval('audit.audit_log_id'),
    occurred_at    timestamptz not null default clock_timestamp(),
    action         text        not null,
    entity         text        not null,
    entity_id      uuid,
    actor_id       uuid,
    actor_role     text        not null default session_user,
    request_id     text,
    transaction_id xid8        not null default pg_current_xact_id(),
    details        jsonb       not null default '{}',
    row_hash       bytea       not null,
    constraint audit_rows_have_an_id       primary key (id, occurred_at),
    constraint audit_actions_are_known     check (action in ('insert', 'update', 'delete', 'truncate', 'registration_rejected', 'registration_repeated')),
    constraint audit_rows_carry_their_hash check (octet_length(row_hash) = 32),
    constraint audit_requests_are_short    check (length(request_id) <= 100)
) partition by range (occurred_at);
-- Every index slows down every change of a user. The primary key grows only at its end, and a BRIN index of the time costs almost
-- nothing. An index of (entity, entity_id, occurred_at) cost twice as much as one of entity_id, which alone selects the rows.
create index audit_log_by_time   on audit.audit_log using brin (occurred_at);
create index audit_log_by_entity on audit.audit_log (entity_id);
alter sequence audit.audit_log_id owned by audit.audit_log.id;

comment on table audit.audit_log is 'The audit log: append-only, as a whole and in each monthly leaf.';
comment on column audit.audit_log.id             is '[internal] Order of writing; gaps are writes that were rolled back.';
comment on column audit.audit_log.occurred_at    is '[internal] Time of the change by the clock of the server; decides the leaf.';
comment on column audit.audit_log.action         is '[internal] Kind of change.';
comment on column audit.audit_log.entity         is '[internal] The table, as schema.name, or the function that was called.';
comment on column audit.audit_log.entity_id      is '[internal] Id of the row.';
comment on column audit.audit_log.actor_id       is '[internal] The user whose session made the change; null without a session.';
comment on column audit.audit_log.actor_role     is '[internal] The login that made the change.';
comment on column audit.audit_log.request_id     is '[internal] Id of the request, as the application gave it; not verified.';
comment on column audit.audit_log.transaction_id is '[internal] Id of the transaction; the same in all its rows.';
comment on column audit.audit_log.details        is '[personal] Names of the changed columns, and values of the columns marked as audited.';
comment on column audit.audit_log.row_hash       is '[internal] SHA-256 of all other columns; see audit.digest.';

-- The owner of the log could insert a row that says that somebody did something. Only the audit inserts: its triggers, or audit.write
-- for a registration without a row, which names nobody, nothing that was changed, and the login itself. A role that gives itself
-- another way needs DDL, which is recorded where it cannot write. A superuser may insert, as a restore does.
create function audit.refuse_forged_row() returns trigger
language plpgsql
set search_path = ''
as $$
begin
    if (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user)
        or current_user = 'hma_audit_writer' and new.action in ('registration_rejected', 'registration_repeated')
           and new.actor_id is null and new.entity_id is null and new.actor_role = session_user
           and new.occurred_at between now() and clock_timestamp() and new.transaction_id = pg_current_xact_id()
    then
        return new;
    end if;
    raise exception using
        errcode = 'insufficient_privilege', constraint = tg_name, schema = tg_table_schema, table = tg_table_name,
        message = 'only the audit writes the audit log';
end
$$;
comment on function audit.refuse_forged_row() is 'Refuses an audit row that no trigger of the audit wrote.';

-- `enable always`, because a session in replica mode skips ordinary triggers.
create trigger audit_rows_are_captured before insert on audit.audit_log
    for each row when (pg_trigger_depth() = 0 or current_user <> 'hma_audit_writer') execute function audit.refuse_forged_row();
create trigger audit_rows_are_final before update or delete on audit.audit_log
    for each row execute function ops.refuse_change();
create trigger audit_rows_are_final_as_a_whole before truncate on audit.audit_log
    for each statement execute function ops.refuse_change();
alter table audit.audit_log
    enable always trigger audit_rows_are_captured,
    enable always trigger audit_rows_are_final,
    enable always trigger audit_rows_are_final_as_a_whole;

-- The content of a row in one unambiguous form: numbers, times and ids have a fixed length, the texts form one JSON array, and the
-- details come last, so that different rows never give the same bytes. Times are microseconds, independent of time zone and date
-- style. The part that all rows of a statement share is hashed once for all of them.
create function audit.circumstances(
    occurred_at timestamptz, action text, entity text, actor_id uuid, actor_role text, request_id text, transaction_id xid8
) returns bytea
language sql stable parallel safe
return sha256(
    timestamptz_send(occurred_at)
    || convert_to(jsonb_build_array(action, entity, actor_id, actor_role, request_id, transaction_id)::text, 'UTF8')
);
comment on function audit.circumstances is 'SHA-256 of time, action and actor; the first part of the digest of an audit row.';

create function audit.digest(circumstances bytea, id bigint, entity_id uuid, details jsonb) returns bytea
language sql stable parallel safe
return sha256(
    circumstances || int8send(id) || coalesce('\x01'::bytea || uuid_send(entity_id), '\x00'::bytea) || convert_to(details::text, 'UTF8')
);
comment on function audit.digest(bytea, bigint, uuid, jsonb) is 'SHA-256 of the content of an audit row, given the hash of its circumstances.';

create function audit.digest(entry audit.audit_log) returns bytea
language sql stable parallel safe
return audit.digest(
    audit.circumstances(
        entry.occurred_at, entry.action, entry.entity, entry.actor_id, entry.actor_role, entry.request_id, entry.transaction_id
    ),
    entry.id, entry.entity_id, entry.details
);
comment on function audit.digest(audit.audit_log) is 'SHA-256 of an audit row without its stored hash.';

create function audit.leaf_of(moment timestamptz) returns text
language sql stable parallel safe
return 'audit_log_' || to_char(moment at time zone 'utc', 'YYYY_MM');
comment on function audit.leaf_of(timestamptz) is 'Name of the leaf for rows of this time.';

-- Every audited statement calls this. It is an expression, which Postgres inlines into the caller: 2 µs instead of 33 µs for a query.
create function audit.has_month(moment timestamptz) returns boolean
language sql stable
return coalesce(pg_partition_root(to_regclass('audit.' || audit.leaf_of(moment))) = 'audit.audit_log'::regclass, false);
comment on function audit.has_month(timestamptz) is 'Whether an attached leaf exists for rows of this time; a detached one does not count.';

-- A leaf is created as a table and then attached, because that does not block writers; CREATE … PARTITION OF would. Bounds are
-- written with their offset: a session in another time zone would otherwise shift them and leave a gap.
create function audit.ensure_partitions(months_ahead integer default 3) returns setof text
language plpgsql
set search_path = '' set timezone = 'UTC' set lock_timeout = '10s'
as $$
declare
    this_month constant date := date_trunc('month', clock_timestamp())::date;
    from_day date;
begin
    if months_ahead is null or months_ahead not between 0 and 120 then
        raise exception using errcode = 'invalid_parameter_value', constraint = 'months_ahead_are_0_to_120',
            message = format('audit.ensure_partitions: %s months ahead', months_ahead), hint = 'give 0 to 120.';
    end if;
    -- Only the owner may take this lock, and writers do not wait for it. Anybody could hold an advisory lock for ever.
    lock table only audit.audit_log in share update exclusive mode;
    for ahead in 0 .. months_ahead loop
        from_day := (this_month + make_interval(months => ahead))::date;
        continue when audit.has_month(from_day::timestamptz);
        perform audit.create_leaf(from_day);
        return next audit.leaf_of(from_day::timestamptz);
    end loop;
end
$$;
comment on function audit.ensure_partitions(integer) is 'Creates the leaves of this month and of the months ahead; returns those it created. Idempotent, also when it runs concurrently.';

-- The leaf is attached first: the statements after that are audited, and an audit row needs the leaf of this month.
create function audit.create_leaf(from_day date) returns void
language plpgsql
set search_path = '' set timezone = 'UTC'
as $$
declare
    until_day constant date := (from_day + interval '1 month')::date;
    leaf      constant text := audit.leaf_of(from_day::timestamptz);
begin
    execute format(
        'create table audit.%I (like audit.audit_log including defaults including constraints, constraint %I primary key (id, occurred_at))',
        leaf, replace(leaf, 'audit_log', 'audit_rows_have_an_id')
    );
    execute format(
        'alter table audit.audit_log attach partition audit.%I for values from (%L) to (%L)',
        leaf, from_day || ' 00:00:00+00', until_day || ' 00:00:00+00'
    );
    execute format('alter table audit.%I owner to hma_owner', leaf);
    execute format(
        'create trigger audit_rows_are_final_as_a_whole before truncate on audit.%1$I
            for each statement execute function ops.refuse_change();
         alter table audit.%1$I enable always trigger audit_rows_are_final_as_a_whole', leaf
    );
    execute format('comment on table audit.%I is %L', leaf, 'Audit rows from ' || from_day || ' to before ' || until_day || ' (UTC).');
end
$$;
comment on function audit.create_leaf(date) is 'Creates the leaf of the month that starts on this day, with its own trigger against truncate: leaves do not inherit statement triggers.';

create function audit.months_ahead() returns integer
language sql stable
set search_path = '' set timezone = 'UTC'
return (
    select min(ahead) - 1 from generate_series(0, 121) ahead
     where not audit.has_month(date_trunc('month', clock_timestamp()) + make_interval(months => ahead))
);
comment on function audit.months_ahead() is 'How many months after this one have a leaf, without a gap; -1 when this month has none. Below 1 is an alarm.';

select audit.ensure_partitions();
