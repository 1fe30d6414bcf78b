-- The runner's own tables, created in one transaction before the first migration. They are not a migration, because the ledger
-- records migrations.
create table ops.schema_migration (
    position      bigint      not null generated always as identity,
    name          text        not null,
    checksum      text        not null,
    prev_checksum text,
    state         text        not null,
    applied_at    timestamptz not null default clock_timestamp(),
    duration_ms   bigint      not null,
    applied_by    text        not null default session_user,
    tool_version  text        not null,
    transactional boolean     not null,
    constraint migrations_are_ordered      primary key (position),
    constraint migrations_are_applied_once unique (name),
    constraint migrations_start_then_end   check (state in ('started', 'done'))
);
comment on table ops.schema_migration is 'One row for each applied migration, written in the transaction that applied it.';
comment on column ops.schema_migration.position is 'Order of application.';
comment on column ops.schema_migration.name is 'File name without .up.sql.';
comment on column ops.schema_migration.checksum is 'SHA-256 of the up file and the down file.';
comment on column ops.schema_migration.prev_checksum is 'Checksum of the row before, so that an edited row is detected.';
comment on column ops.schema_migration.state is 'started while a migration without a transaction runs, then done.';
comment on column ops.schema_migration.applied_at is 'When the row was written.';
comment on column ops.schema_migration.duration_ms is 'Duration of its statements in milliseconds.';
comment on column ops.schema_migration.applied_by is 'The login that ran it.';
comment on column ops.schema_migration.tool_version is 'Version of the runner.';
comment on column ops.schema_migration.transactional is 'False when it ran without a transaction.';

create table ops.schema_state (
    kind     text not null,
    identity text not null,
    digest   text not null,
    constraint objects_are_recorded_once primary key (kind, identity)
);
comment on table ops.schema_state is 'The baseline: the catalog as the migrations left it. status compares the live catalog with it.';
comment on column ops.schema_state.kind is 'Kind of object.';
comment on column ops.schema_state.identity is 'Its full name.';
comment on column ops.schema_state.digest is 'MD5 of its definition, owner, privileges and comment.';

create table ops.schema_drift (
    kind       text not null,
    identity   text not null,
    remembered text,
    live       text,
    constraint drift_is_recorded_once primary key (kind, identity),
    constraint drift_is_a_difference  check (remembered is distinct from live)
);
comment on table ops.schema_drift is
'Drift found when the runner started, so that the next baseline does not adopt it. Empty after the runner has ended.';
comment on column ops.schema_drift.kind is 'Kind of object.';
comment on column ops.schema_drift.identity is 'Its full name.';
comment on column ops.schema_drift.remembered is 'Its digest in the baseline; null for an added object.';
comment on column ops.schema_drift.live is 'Its digest in the live catalog; null for a removed object.';
