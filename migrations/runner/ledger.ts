// The ledger of applied migrations, owned by the role that owns the schema. Every write shares the transaction of
// the change that it records.
import { join } from 'node:path'
import type pg from 'pg'
import { readProjectFile } from '../../config/text-file.ts'
import type { Migration } from './files.ts'

export interface LedgerRow {
  position: number
  name: string
  checksum: string
  state: 'started' | 'done'
  /** False when `prev_checksum` is not the checksum of the row before: the ledger was edited by hand. */
  chained: boolean
}

export const OWNER = 'hma_owner'
/** Transaction-local setting that is lost when a migration ends the transaction in which it runs. */
export const MIGRATION_SETTING = 'hma.migration'
const TOOL_VERSION = '1'

/** Creates the ledger where none exists, in a database that the prelude has prepared. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if (await hasLedger(client)) return
  const sql = readProjectFile(join(import.meta.dirname, 'ledger.sql'))
  await client.query(`begin; set local role ${OWNER}; ${sql} commit`)
}

/** By catalog query: to_regclass fails for a login that has no privilege on the schema. */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_class where relname = 'schema_migration'
        and relnamespace = (select oid from pg_namespace where nspname = 'ops')`,
  )
  return rowCount === 1
}

/** Rows in order of application; none where no ledger exists yet. */
export async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  if (!(await hasLedger(client))) return []
  return asOwner<LedgerRow>(
    client,
    `select position::int, name, checksum, state,
            prev_checksum is not distinct from lag(checksum) over (order by position) as chained
       from ops.schema_migration order by position`,
  )
}

/** Runs one statement as the owner and then resets the role; returns its rows. */
export async function asOwner<R extends pg.QueryResultRow>(
  client: pg.Client,
  statement: string,
): Promise<R[]> {
  const results = await client.query(`set role ${OWNER}; ${statement}; reset role`)
  return (results as unknown as pg.QueryResult<R>[])[1]?.rows ?? []
}

/**
 * Inserts the row of a migration, or updates the row that says `started`, in the caller's transaction. The next row stays chained to
 * it. False when the transaction is not the one in which the migration began.
 */
export async function writeRow(
  client: pg.Client,
  { name, checksum, transactional }: Migration,
  state: LedgerRow['state'],
  durationMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `with written as (
        insert into ops.schema_migration as m
               (name, checksum, prev_checksum, state, duration_ms, tool_version, transactional)
        select $1, $2, (select checksum from ops.schema_migration order by position desc limit 1),
               $3, $4::bigint, $5, $6::boolean
         where current_setting('${MIGRATION_SETTING}', true) = $1
        on conflict (name) do update set state = excluded.state, checksum = excluded.checksum,
               duration_ms = excluded.duration_ms, applied_at = clock_timestamp()
        returning m.position, m.checksum
     ), chained as (
        update ops.schema_migration m set prev_checksum = w.checksum from written w
         where m.position = (select min(position) from ops.schema_migration where position > w.position)
     )
     select from written`,
    [name, checksum, state, durationMs, TOOL_VERSION, transactional],
  )
  return rowCount === 1
}

/** Deletes the row of a migration and chains the next row to the one before. False as for `writeRow`. */
export async function deleteRow(client: pg.Client, { name }: Migration): Promise<boolean> {
  const { rowCount } = await client.query(
    `with deleted as (
        delete from ops.schema_migration where name = $1 and current_setting('${MIGRATION_SETTING}', true) = $1
        returning position, prev_checksum
     ), chained as (
        update ops.schema_migration m set prev_checksum = d.prev_checksum from deleted d
         where m.position = (select min(position) from ops.schema_migration where position > d.position)
     )
     select from deleted`,
    [name],
  )
  return rowCount === 1
}
