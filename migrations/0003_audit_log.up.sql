-- 0003 audit log
-- needs:  0001
-- proves: B1.2.1, B1.2.2, B1.2.3, B1.2.4, B1.2.5, B1.2.6, B1.2.7
-- What happened, one leaf per month in UTC. There is no default partition: it would hide a job that no longer runs,
-- and every new leaf would have to search it. Without a leaf for its month a change fails, and so does what caused it.
-- Rows carry a hash of their own content, and closed windows of rows are sealed in a chain: edits show, and writers
-- never wait for each other, which a chain over single rows would make them do.

-- Refuses what its trigger stands on, under the trigger's own name.
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
comment on function ops.refuse_change() is 'Refuses the change; the name of the trigger is the rule that a client sees.';

create sequence audit.audit_log_id as bigint;
comment on sequence audit.audit_log_id is 'Numbers audit rows in the order in which they were written.';

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
    constraint audit_actions_are_known     check (action in ('insert', 'update', 'delete', 'truncate', 'ddl', 'registration_rejected', 'registration_repeated')),
    constraint audit_rows_carry_their_hash check (octet_length(row_hash) = 32),
    constraint audit_requests_are_short    check (length(request_id) <= 100)
) partition by range (occurred_at);
-- Every index is paid for by every change of a person. The key grows at its end, time costs next to nothing as BRIN, and of
-- (entity, entity_id, occurred_at) only the middle tells rows apart: the other two doubled what it cost.
create index audit_log_by_time   on audit.audit_log using brin (occurred_at);
create index audit_log_by_entity on audit.audit_log (entity_id);
alter sequence audit.audit_log_id owned by audit.audit_log.id;

comment on table audit.audit_log is 'What happened: append-only down to each monthly leaf.';
comment on column audit.audit_log.id             is '[internal] Order of writing; gaps are rolled back writes.';
comment on column audit.audit_log.occurred_at    is '[internal] Wall clock of the server at the change; decides the leaf.';
comment on column audit.audit_log.action         is '[internal] What was done.';
comment on column audit.audit_log.entity         is '[internal] The table, as schema.name, or the function that was called.';
comment on column audit.audit_log.entity_id      is '[internal] Id of the row.';
comment on column audit.audit_log.actor_id       is '[internal] The user on whose session it was done, if there was one.';
comment on column audit.audit_log.actor_role     is '[internal] The login that did it.';
comment on column audit.audit_log.request_id     is '[internal] What the application calls the request; not checked.';
comment on column audit.audit_log.transaction_id is '[internal] Rows of one transaction carry the same.';
comment on column audit.audit_log.details        is '[internal] Names of changed columns, and the values of those on the table''s allow-list.';
comment on column audit.audit_log.row_hash       is '[internal] SHA-256 of all the others; see audit.digest.';

-- Always, so that not even a session in replica mode, which skips ordinary triggers, gets past them.
create trigger audit_rows_are_final before update or delete on audit.audit_log
    for each row execute function ops.refuse_change();
create trigger audit_rows_are_final_as_a_whole before truncate on audit.audit_log
    for each statement execute function ops.refuse_change();
alter table audit.audit_log
    enable always trigger audit_rows_are_final,
    enable always trigger audit_rows_are_final_as_a_whole;

-- A row's content in one unambiguous form. Numbers, times and ids have a fixed length, the texts between them end where their
-- JSON array ends, and the details run to the end: no two rows read alike. Time counts in microseconds, so that neither
-- a time zone nor a date style enters. What the rows of one statement share is hashed once for all of them.
create function audit.circumstances(
    occurred_at timestamptz, action text, entity text, actor_id uuid, actor_role text, request_id text, transaction_id xid8
) returns bytea
language sql stable parallel safe
return sha256(
    timestamptz_send(occurred_at)
    || convert_to(jsonb_build_array(action, entity, actor_id, actor_role, request_id, transaction_id)::text, 'UTF8')
);
comment on function audit.circumstances is 'SHA-256 of when, what and by whom, which the digest of an audit row begins with.';

create function audit.digest(circumstances bytea, id bigint, entity_id uuid, details jsonb) returns bytea
language sql stable parallel safe
return sha256(
    circumstances || int8send(id) || coalesce('\x01'::bytea || uuid_send(entity_id), '\x00'::bytea) || convert_to(details::text, 'UTF8')
);
comment on function audit.digest(bytea, bigint, uuid, jsonb) is 'SHA-256 of the content of an audit row, its circumstances given.';

create function audit.digest(entry audit.audit_log) returns bytea
language sql stable parallel safe
return audit.digest(
    audit.circumstances(
        entry.occurred_at, entry.action, entry.entity, entry.actor_id, entry.actor_role, entry.request_id, entry.transaction_id
    ),
    entry.id, entry.entity_id, entry.details
);
comment on function audit.digest(audit.audit_log) is 'SHA-256 of all that stands in an audit row but its hash.';

create function audit.leaf_of(moment timestamptz) returns text
language sql stable parallel safe
return 'audit_log_' || to_char(moment at time zone 'utc', 'YYYY_MM');
comment on function audit.leaf_of(timestamptz) is 'Name of the leaf that holds rows of this moment.';

-- Every audited statement asks this, so it is an expression that Postgres writes into its caller: 2 µs instead of 33 as a query.
create function audit.has_month(moment timestamptz) returns boolean
language sql stable
return coalesce(pg_partition_root(to_regclass('audit.' || audit.leaf_of(moment))) = 'audit.audit_log'::regclass, false);
comment on function audit.has_month(timestamptz) is 'Whether a leaf stands ready for rows of this moment; one that is only there, and not attached, does not count.';

-- A leaf is built apart and attached, because that lets writers go on; CREATE … PARTITION OF would lock them out. Bounds
-- are written with their offset: a session in another time zone would otherwise shift them and leave a gap.
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
    perform pg_advisory_xact_lock(hashtextextended('audit.ensure_partitions', 0));
    for ahead in 0 .. months_ahead loop
        from_day := (this_month + make_interval(months => ahead))::date;
        continue when audit.has_month(from_day::timestamptz);
        perform audit.create_leaf(from_day);
        return next audit.leaf_of(from_day::timestamptz);
    end loop;
end
$$;
comment on function audit.ensure_partitions(integer) is 'Prepares this month and those ahead; returns the leaves it made. Safe to repeat and to run twice at once.';

-- Attached before anything else is done to it: what follows is recorded, and a record needs the leaf of this month.
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
comment on function audit.create_leaf(date) is 'Builds the leaf of the month that starts on this day, with its own guard: a statement trigger of the parent is not passed on.';

create function audit.months_ahead() returns integer
language sql stable
set search_path = '' set timezone = 'UTC'
return (
    select min(ahead) - 1 from generate_series(0, 121) ahead
     where not audit.has_month(date_trunc('month', clock_timestamp()) + make_interval(months => ahead))
);
comment on function audit.months_ahead() is 'How many months after this one are prepared without a gap; -1 when even this one is not. Below 1 is an alarm.';

select audit.ensure_partitions();
