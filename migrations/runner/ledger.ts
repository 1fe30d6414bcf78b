// The ledger of applied migrations, owned by the role that owns the schema. Every write shares the transaction of
// the change that it records.
import type pg from 'pg'

export interface LedgerRow {
  position: number
  name: string
  checksum: string
  state: 'started' | 'done'
}

export const OWNER = 'hma_owner'
export const TOOL_VERSION = '1'

const BOOTSTRAP = `
create schema if not exists ops authorization ${OWNER};
revoke all on schema ops from public;
comment on schema ops is 'How this database is operated: the ledger of its migrations and the state they left.';
set local role ${OWNER};
create table ops.schema_migration (
    position      bigint      not null generated always as identity,
    name          text        not null,
    checksum      text        not null,
    prev_checksum text,
    state         text        not null,
    applied_at    timestamptz not null default clock_timestamp(),
    duration_ms   integer     not null,
    applied_by    text        not null default session_user,
    tool_version  text        not null,
    transactional boolean     not null,
    constraint migrations_are_ordered      primary key (position),
    constraint migrations_are_applied_once unique (name),
    constraint migrations_start_then_end   check (state in ('started', 'done'))
);
create table ops.schema_state (
    kind     text not null,
    identity text not null,
    digest   text not null,
    constraint objects_are_recorded_once primary key (kind, identity)
);
comment on table ops.schema_migration is 'One row for each applied migration, written in the transaction that applied it.';
comment on column ops.schema_migration.position is 'Order of application.';
comment on column ops.schema_migration.name is 'File name without its ending.';
comment on column ops.schema_migration.checksum is 'SHA-256 of the up file and the down file.';
comment on column ops.schema_migration.prev_checksum is 'Checksum of the row before, so that the ledger is a chain.';
comment on column ops.schema_migration.state is 'started only between the two steps of a migration without a transaction.';
comment on column ops.schema_migration.applied_at is 'When its change was recorded.';
comment on column ops.schema_migration.duration_ms is 'How long its statements took.';
comment on column ops.schema_migration.applied_by is 'The login that ran it.';
comment on column ops.schema_migration.tool_version is 'Version of the runner.';
comment on column ops.schema_migration.transactional is 'False when it ran outside of a transaction.';
comment on table ops.schema_state is 'The catalog as the last migration left it; status compares the live one with it.';
comment on column ops.schema_state.kind is 'Kind of object.';
comment on column ops.schema_state.identity is 'Its full name.';
comment on column ops.schema_state.digest is 'MD5 of its definition, owner, privileges and comment.';
`

/** Creates the ledger where there is none. Needs a login that may create a schema, or one made before. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if (await hasLedger(client)) return
  await client.query(`begin; ${BOOTSTRAP} commit;`)
}

export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select to_regclass('ops.schema_migration') is not null as there`)
  return rows[0].there
}

/** Rows in order of application; none where there is no ledger yet. */
export async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  if (!(await hasLedger(client))) return []
  const { rows } = await client.query<LedgerRow>(
    'select position::int, name, checksum, state from ops.schema_migration order by position',
  )
  return rows
}

/** Records a migration in the caller's transaction; on `started` again it only moves the state on. */
export async function record(
  client: pg.Client,
  row: {
    name: string
    checksum: string
    transactional: boolean
    state: 'started' | 'done'
    durationMs: number
  },
): Promise<void> {
  await client.query(
    `insert into ops.schema_migration (name, checksum, prev_checksum, state, duration_ms, tool_version, transactional)
     values ($1, $2, (select checksum from ops.schema_migration order by position desc limit 1), $3, $4, $5, $6)
     on conflict (name) do update set state = excluded.state, checksum = excluded.checksum,
         duration_ms = excluded.duration_ms, applied_at = clock_timestamp()`,
    [row.name, row.checksum, row.state, row.durationMs, TOOL_VERSION, row.transactional],
  )
}

export async function forget(client: pg.Client, name: string): Promise<void> {
  await client.query('delete from ops.schema_migration where name = $1', [name])
}
