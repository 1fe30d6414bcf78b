// The command verify: does the live catalog equal what the files produce? They are replayed, in the order in which they were applied,
// in a scratch database that is dropped afterwards.
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { differencesFrom, readCatalog } from './drift.ts'
import { type Migration, type Prelude, readMigrations, readPrelude } from './files.ts'
import { inspect, namesOf, type Program } from './inspect.ts'
import { ensureLedger } from './ledger.ts'
import { takeLock } from './lock.ts'
import { createMigrator } from './migrator.ts'
import type { OptionsFor } from './options.ts'
import { compare, planDown, requireConsistent, statusExitCode } from './plan.ts'
import { runPrelude } from './prelude.ts'
import { openSession, openSuperuserSession, urlOfDatabase, withSession } from './session.ts'

const SCRATCH = 'hma_verify_'

/** Replays the files in a scratch database and names every object in which the live catalog differs. */
export async function verify(
  { environment, output }: Program,
  options: OptionsFor<'verify'>,
): Promise<number> {
  const files = readMigrations(options.migrations)
  const prelude = readPrelude(options.migrations)
  const { url, superuserUrl } = environment
  if (superuserUrl === undefined) throw superuserMissing()
  return withSession(openSession(url), async (client) => {
    await using _ = await takeLock(url, client, options.lockWait)
    const { ledger, comparison } = await inspect(client, files, new Set())
    requireConsistent(comparison, { allowOutOfOrder: true })
    const done = ledger.filter(({ state }) => state === 'done')
    const replayed = await replay(
      { url, superuserUrl },
      prelude,
      planDown(files, done, '0'),
      options.lockWait,
    )
    const differences = await differencesFrom(client, replayed)
    const lines = differences.map(({ kind, identity, difference }) => `${difference}: ${kind} ${identity}`)
    output.result(
      { differences },
      lines.length === 0 ? ['the live catalog is what the files produce'] : lines,
    )
    return statusExitCode(compare([], [], { pending: [], executed: [] }), {
      hasDrift: differences.length > 0,
    })
  })
}

function superuserMissing(): CliError {
  return new CliError({
    what: 'verify makes a scratch database, which only the superuser may do.',
    next: 'set HMA_SUPERUSER_PASSWORD.',
    exitCode: EXIT.usage,
  })
}

type Urls = Record<'url' | 'superuserUrl', URL>

/** The catalog that the files produce in a scratch database. */
function replay(urls: Urls, prelude: Prelude, applied: Migration[], waitSeconds: number): Promise<unknown[]> {
  return withSession(openSuperuserSession(urls.superuserUrl), async (superuser) => {
    await dropAbandoned(superuser)
    const { rows } = await superuser.query<{ pid: number }>('select pg_backend_pid() as pid')
    const name = `${SCRATCH}${rows[0]?.pid}_${randomUUID().slice(0, 8)}`
    await superuser.query(`create database ${name} template template0`)
    try {
      await runPrelude(urlOfDatabase(urls.superuserUrl, name), prelude, {}, waitSeconds)
      return await catalogOf(urlOfDatabase(urls.url, name), applied)
    } finally {
      await superuser.query(`drop database if exists ${name} with (force)`)
    }
  })
}

function catalogOf(url: URL, applied: Migration[]): Promise<unknown[]> {
  return withSession(openSession(url), async (scratch) => {
    await ensureLedger(scratch)
    await createMigrator(scratch, applied).up(namesOf(applied))
    return readCatalog(scratch)
  })
}

/** Scratch databases of a verify that was killed: their names contain the process id of a session that no longer exists. */
async function dropAbandoned(superuser: pg.Client): Promise<void> {
  const { rows } = await superuser.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1)
        and split_part(datname, '_', 3) not in (select pid::text from pg_stat_activity)`,
    [SCRATCH],
  )
  for (const { datname } of rows) await superuser.query(`drop database if exists ${datname} with (force)`)
}
