// The ledger of applied migrations, owned by the role that owns the schema. Every write shares the transaction of
// the change that it records.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import type { Migration } from './files.ts'

export interface LedgerRow {
  position: number
  name: string
  checksum: string
  state: 'started' | 'done'
  /** False when the row before it is not the one it was written after: somebody edited the ledger by hand. */
  chained: boolean
}

export const OWNER = 'hma_owner'
/** Name of the transaction-local setting that tells whether a migration is still in the transaction it began in. */
export const MARK = 'hma.migration'
const TOOL_VERSION = '1'

/** Creates the ledger where there is none. Needs a login that may create a schema, or one made before. */
export async function ensureLedger(client: pg.Client): Promise<void> {
  if (await hasLedger(client)) return
  await client.query(`begin; ${readFileSync(join(import.meta.dirname, 'ledger.sql'), 'utf8')} commit`)
}

/** Looked up in the catalog itself: by name it would be refused to a login that may not look into the schema. */
export async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_class where relname = 'schema_migration'
        and relnamespace = (select oid from pg_namespace where nspname = 'ops')`,
  )
  return rowCount === 1
}

/** Rows in order of application; none where there is no ledger yet. */
export async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  if (!(await hasLedger(client))) return []
  return asOwner<LedgerRow>(
    client,
    `select position::int, name, checksum, state,
            prev_checksum is not distinct from lag(checksum) over (order by position) as chained
       from ops.schema_migration order by position`,
  )
}

/** Rows of one statement, run as the owner; the connection has its own role again afterwards. */
export async function asOwner<R extends pg.QueryResultRow>(
  client: pg.Client,
  statement: string,
): Promise<R[]> {
  const results = await client.query(`set role ${OWNER}; ${statement}; reset role`)
  return (results as unknown as pg.QueryResult<R>[])[1]?.rows ?? []
}

/**
 * Records a migration in the caller's transaction; one that was `started` only moves on. False when the transaction is
 * not the one marked for it. Whatever row comes after stays chained to it.
 */
export async function record(
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
         where current_setting('${MARK}', true) = $1
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

/** Takes a migration out of the ledger, and what follows it is chained to what preceded it. False as for `record`. */
export async function forget(client: pg.Client, { name }: Migration): Promise<boolean> {
  const { rowCount } = await client.query(
    `with gone as (
        delete from ops.schema_migration where name = $1 and current_setting('${MARK}', true) = $1
        returning position, prev_checksum
     ), chained as (
        update ops.schema_migration m set prev_checksum = g.prev_checksum from gone g
         where m.position = (select min(position) from ops.schema_migration where position > g.position)
     )
     select from gone`,
    [name],
  )
  return rowCount === 1
}
