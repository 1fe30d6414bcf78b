// The catalog's fingerprint: what a migration left, and what has drifted from it since.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { OWNER } from './ledger.ts'

export interface Difference {
  kind: string
  identity: string
  /** How the live catalog differs from the one it is compared with. */
  difference: 'added' | 'removed' | 'changed'
}

const OBJECTS = readFileSync(join(import.meta.dirname, 'fingerprint.sql'), 'utf8')

const COMPARE = (expected: string) => `
select coalesce(live.kind, expected.kind) as kind, coalesce(live.identity, expected.identity) as identity,
       case when expected.kind is null then 'added' when live.kind is null then 'removed' else 'changed' end as difference
  from (${OBJECTS}) live full join (${expected}) expected using (kind, identity)
 where live.digest is distinct from expected.digest
 order by 1, 2`

const LAST = `select 'ledger', 'last position', coalesce(max(position)::text, 'none') from ops.schema_migration`

/** Remembers the catalog as it is now, and after which migration that was. */
export async function rememberCatalog(client: pg.Client): Promise<void> {
  await client.query(`begin; set local role ${OWNER}; delete from ops.schema_state`)
  await client.query(`insert into ops.schema_state (kind, identity, digest) ${OBJECTS} union all ${LAST}`)
  await client.query('commit')
}

/** False after a runner was killed between its last migration and remembering the catalog. */
export async function isCatalogRemembered(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ remembered: boolean }>(
    `select (select digest from ops.schema_state where kind = 'ledger')
            is not distinct from (select coalesce(max(position)::text, 'none') from ops.schema_migration) as remembered`,
  )
  return rows[0]?.remembered ?? false
}

/** How the live catalog differs from the one the last migration left. One query. */
export async function driftOf(client: pg.Client): Promise<Difference[]> {
  const { rows } = await client.query<Difference>(
    COMPARE(`select kind, identity, digest from ops.schema_state where kind <> 'ledger'`),
  )
  return rows
}

export async function readCatalog(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(OBJECTS)
  return rows
}

/** How the live catalog differs from another one, read with `readCatalog`. */
export async function differencesFrom(client: pg.Client, other: unknown[]): Promise<Difference[]> {
  const expected = 'select * from json_to_recordset($1) as e(kind text, identity text, digest text)'
  const { rows } = await client.query<Difference>(COMPARE(expected), [JSON.stringify(other)])
  return rows
}
