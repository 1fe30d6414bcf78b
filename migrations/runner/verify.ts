// The command verify: does the live catalog equal what the files produce? They are replayed, in the order in which they were applied,
// in a scratch database that is dropped afterwards.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type Difference, differencesFrom, readCatalog } from './drift.ts'
import { type Migration, readMigrations } from './files.ts'
import { type Context, inspect, namesOf } from './inspect.ts'
import { ensureLedger } from './ledger.ts'
import { takeLock } from './lock.ts'
import { createMigrator } from './migrator.ts'
import type { OptionsFor } from './options.ts'
import { compare, planDown, requireConsistent, statusExitCode } from './plan.ts'
import { openSession } from './session.ts'

const SCRATCH = 'hma_verify_'

/** Replays the files in a scratch database and names every object in which the live catalog differs. */
export async function verify(context: Context, options: OptionsFor<'verify'>): Promise<number> {
  const { client, environment, output } = context
  const files = readMigrations(options.migrations)
  await takeLock(client, options.lockWait)
  const { ledger, comparison } = await inspect(context, files, new Set())
  requireConsistent(comparison, { allowOutOfOrder: true })
  const done = ledger.filter(({ state }) => state === 'done')
  const applied = planDown(files, done, '0')
  const differences = await replay(client, (database) => openSession(environment.url, database), applied)
  const lines = differences.map(({ kind, identity, difference }) => `${difference}: ${kind} ${identity}`)
  output.result({ differences }, lines.length === 0 ? ['the live catalog is what the files produce'] : lines)
  return statusExitCode(compare([], [], []), differences.length > 0)
}

/** Differences of the live catalog from a fresh replay. Needs a login that may create databases. */
async function replay(
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
    await createMigrator(scratch, applied).up(namesOf(applied))
    return await readCatalog(scratch)
  } finally {
    await scratch.end()
  }
}

/** Scratch databases of a verify that was killed: their names contain the process id of a session that no longer exists. */
async function dropAbandoned(live: pg.Client): Promise<void> {
  const { rows } = await live.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1)
        and split_part(datname, '_', 3) not in (select pid::text from pg_stat_activity)`,
    [SCRATCH],
  )
  for (const { datname } of rows) await live.query(`drop database if exists ${datname} with (force)`)
}
