// The strictest question: does the live catalog equal what the files make? The files are replayed, in the order in
// which they were applied, in a scratch database that goes again, whatever happens.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Migration } from './files.ts'
import { type Difference, differencesFrom, readCatalog } from './fingerprint.ts'
import { ensureLedger } from './ledger.ts'
import { runMigration } from './run.ts'

const SCRATCH = 'hma_verify_'

/** Differences of the live catalog from a fresh replay. Needs a login that may create databases. */
export async function replay(
  live: pg.Client,
  connectTo: (database: string) => Promise<pg.Client>,
  applied: Migration[],
): Promise<Difference[]> {
  await dropAbandoned(live)
  const { rows } = await live.query<{ pid: number }>('select pg_backend_pid() as pid')
  const name = `${SCRATCH}${rows[0]?.pid}_${randomUUID().slice(0, 8)}`
  await live.query(`create database ${name} template template0`)
  try {
    return await differencesFrom(live, await catalogOf(await connectTo(name), applied))
  } finally {
    await live.query(`drop database if exists ${name} with (force)`)
  }
}

async function catalogOf(scratch: pg.Client, applied: Migration[]): Promise<unknown[]> {
  try {
    await ensureLedger(scratch)
    for (const migration of applied) await runMigration(scratch, migration, 'up')
    return await readCatalog(scratch)
  } finally {
    await scratch.end()
  }
}

/** Left by a verify that was killed: its name carries a process that no longer lives. */
async function dropAbandoned(live: pg.Client): Promise<void> {
  const { rows } = await live.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1)
        and split_part(datname, '_', 3) not in (select pid::text from pg_stat_activity)`,
    [SCRATCH],
  )
  for (const { datname } of rows) await live.query(`drop database if exists ${datname} with (force)`)
}
