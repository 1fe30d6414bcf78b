// Drift: how the live catalog differs from the baseline, which is the catalog as the last run of the runner left it.
import type pg from 'pg'
import { catalogQuery } from './fingerprint.ts'
import { asOwner, hasLedger, OWNER, readLedger } from './ledger.ts'
import { useRunnerSettings } from './session.ts'

export interface Difference {
  kind: string
  identity: string
  /** How the live catalog differs from the one it is compared with. */
  difference: 'added' | 'removed' | 'changed'
}

const catalogOf = (client: pg.Client) => catalogQuery(async (text) => (await client.query(text)).rows)

const differencesFromQuery = async (client: pg.Client, expected: string) => `
select kind, identity, expected.digest as remembered, live.digest as live,
       case when expected.digest is null then 'added' when live.digest is null then 'removed' else 'changed' end as difference
  from (${await catalogOf(client)}) live full join (${expected}) expected using (kind, identity)
 where live.digest is distinct from expected.digest`

const BASELINE = `select kind, identity, digest from ops.schema_state where kind <> 'ledger'`

/** The last position of the ledger when the baseline was saved, and now. An interrupted migration makes the two differ. */
const SAVED_POSITION = `(select digest from ops.schema_state where kind = 'ledger')`
const LEDGER_POSITION = `(select concat(max(position), case when bool_or(state = 'started') then ' interrupted' end)
   from ops.schema_migration)`

/** `none` before the first apply has ended, `outdated` after a runner was killed before it saved the baseline. */
export type BaselineState = 'none' | 'outdated' | 'current'

export async function readBaselineState(client: pg.Client): Promise<BaselineState> {
  if (!(await hasLedger(client))) return 'none'
  const [row] = await asOwner<{ saved: string | null; now: string }>(
    client,
    `select ${SAVED_POSITION} as saved, ${LEDGER_POSITION} as now`,
  )
  if (row?.saved == null) return 'none'
  return row.saved === row.now ? 'current' : 'outdated'
}

/** How the live catalog differs from the baseline. One query. */
export async function readDrift(client: pg.Client): Promise<Difference[]> {
  await useRunnerSettings(client)
  return asOwner<Difference>(
    client,
    `select kind, identity, difference from (${await differencesFromQuery(client, BASELINE)}) d order by kind, identity`,
  )
}

/**
 * Saves the drift before migrations change the catalog, without what the prelude has just changed; returns the number of objects. After a
 * kill the drift saved then is still valid.
 */
export async function saveDrift(client: pg.Client, preludeChanges: Difference[]): Promise<number> {
  await useRunnerSettings(client)
  await client.query(`begin; set local role ${OWNER}; delete from ops.schema_drift`)
  const { rowCount } = await client.query(
    `insert into ops.schema_drift (kind, identity, remembered, live)
     select kind, identity, remembered, live from (${await differencesFromQuery(client, BASELINE)}) d
      where not exists (select from json_to_recordset($1) as p(kind text, identity text) where (p.kind, p.identity) = (d.kind, d.identity))`,
    [JSON.stringify(preludeChanges)],
  )
  await client.query('commit')
  return rowCount ?? 0
}

/** Deletes the saved drift, so that the next baseline includes it. */
export async function acceptDrift(client: pg.Client): Promise<void> {
  await asOwner(client, 'delete from ops.schema_drift')
}

/**
 * Saves the live catalog as the baseline, except for saved drift that no migration has changed: that remains drift. Does nothing while a
 * migration is interrupted, because the catalog then belongs to no version.
 */
export async function saveBaseline(client: pg.Client): Promise<void> {
  if ((await readLedger(client)).some(({ state }) => state === 'started')) return
  await useRunnerSettings(client)
  await client.query(`begin; set local role ${OWNER}; delete from ops.schema_state;
    with live as materialized (${await catalogOf(client)})
    insert into ops.schema_state (kind, identity, digest)
    select kind, identity, digest from (
        select kind, identity, case when d.live = live.digest then d.remembered else live.digest end as digest
          from live left join ops.schema_drift d using (kind, identity)
        union all
        select kind, identity, remembered from ops.schema_drift d
         where d.live is null and not exists (
               select from live where (live.kind, live.identity) = (d.kind, d.identity))
    ) catalog where digest is not null
    union all select 'ledger', 'last position', ${LEDGER_POSITION};
    delete from ops.schema_drift; commit`)
}

export async function readCatalog(client: pg.Client): Promise<unknown[]> {
  await useRunnerSettings(client)
  const { rows } = await client.query(await catalogOf(client))
  return rows
}

/** How the live catalog differs from another one, read with `readCatalog`. */
export async function differencesFrom(client: pg.Client, other: unknown[]): Promise<Difference[]> {
  await useRunnerSettings(client)
  const expected = 'select * from json_to_recordset($1) as e(kind text, identity text, digest text)'
  const { rows } = await client.query<Difference>(
    `select kind, identity, difference from (${await differencesFromQuery(client, expected)}) d order by kind, identity`,
    [JSON.stringify(other)],
  )
  return rows
}
