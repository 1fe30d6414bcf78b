// The catalog's fingerprint: what the migrations left, and what has drifted from it since.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { settle } from './connection.ts'
import { asOwner, hasLedger, OWNER, readLedger } from './ledger.ts'

export interface Difference {
  kind: string
  identity: string
  /** How the live catalog differs from the one it is compared with. */
  difference: 'added' | 'removed' | 'changed'
}

const OBJECTS = readFileSync(join(import.meta.dirname, 'fingerprint.sql'), 'utf8')

const COMPARED = (expected: string) => `
select kind, identity, expected.digest as remembered, live.digest as live,
       case when expected.digest is null then 'added' when live.digest is null then 'removed' else 'changed' end as difference
  from (${OBJECTS}) live full join (${expected}) expected using (kind, identity)
 where live.digest is distinct from expected.digest`

const REMEMBERED = `select kind, identity, digest from ops.schema_state where kind <> 'ledger'`

/** How far the remembered catalog goes. While a migration is interrupted nothing can say so truly. */
const PLACE = `(select digest from ops.schema_state where kind = 'ledger')`
const LAST = `(select concat(max(position), case when bool_or(state = 'started') then ' interrupted' end)
   from ops.schema_migration)`

/** `never` before the first apply has ended, `stale` after a runner was killed before it remembered the catalog. */
export type Memory = 'never' | 'stale' | 'fresh'

export async function memoryOf(client: pg.Client): Promise<Memory> {
  if (!(await hasLedger(client))) return 'never'
  const [row] = await asOwner<{ place: string | null; last: string }>(
    client,
    `select ${PLACE} as place, ${LAST} as last`,
  )
  if (row?.place == null) return 'never'
  return row.place === row.last ? 'fresh' : 'stale'
}

/** How the live catalog differs from the one the last migration left. One query. */
export async function driftOf(client: pg.Client): Promise<Difference[]> {
  await settle(client)
  return asOwner<Difference>(
    client,
    `select kind, identity, difference from (${COMPARED(REMEMBERED)}) d order by kind, identity`,
  )
}

/**
 * Notes what has drifted before the catalog is changed, and returns how many objects that are. Not after a kill: what
 * was noted before it still stands.
 */
export async function noteDrift(client: pg.Client): Promise<number> {
  await settle(client)
  await client.query(`begin; set local role ${OWNER}; delete from ops.schema_drift`)
  const { rowCount } = await client.query(
    `insert into ops.schema_drift (kind, identity, remembered, live)
     select kind, identity, remembered, live from (${COMPARED(REMEMBERED)}) d`,
  )
  await client.query('commit')
  return rowCount ?? 0
}

/** Lets go of what was noted: what has drifted is from now on as it should be. */
export async function acceptDrift(client: pg.Client): Promise<void> {
  await asOwner(client, 'delete from ops.schema_drift')
}

/**
 * Remembers the catalog as it is now, but for drift that no migration has touched: that stays drift. Does nothing while
 * a migration is interrupted, because what it left is neither.
 */
export async function rememberCatalog(client: pg.Client): Promise<void> {
  if ((await readLedger(client)).some(({ state }) => state === 'started')) return
  await settle(client)
  await client.query(`begin; set local role ${OWNER}; delete from ops.schema_state;
    with live as materialized (${OBJECTS})
    insert into ops.schema_state (kind, identity, digest)
    select kind, identity, digest from (
        select kind, identity, case when d.live = live.digest then d.remembered else live.digest end as digest
          from live left join ops.schema_drift d using (kind, identity)
        union all
        select kind, identity, remembered from ops.schema_drift d
         where d.live is null and not exists (
               select from live where (live.kind, live.identity) = (d.kind, d.identity))
    ) catalog where digest is not null
    union all select 'ledger', 'last position', ${LAST};
    delete from ops.schema_drift; commit`)
}

export async function readCatalog(client: pg.Client): Promise<unknown[]> {
  await settle(client)
  const { rows } = await client.query(OBJECTS)
  return rows
}

/** How the live catalog differs from another one, read with `readCatalog`. */
export async function differencesFrom(client: pg.Client, other: unknown[]): Promise<Difference[]> {
  await settle(client)
  const expected = 'select * from json_to_recordset($1) as e(kind text, identity text, digest text)'
  const { rows } = await client.query<Difference>(
    `select kind, identity, difference from (${COMPARED(expected)}) d order by kind, identity`,
    [JSON.stringify(other)],
  )
  return rows
}
