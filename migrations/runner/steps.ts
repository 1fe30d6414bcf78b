// Runs a migration that cannot run in a transaction: the ledger says `started` before it and `done` after it, so that
// the next run sees that a runner was killed in between, and takes it up.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { isValidIndex, type Resumption, resumptionOf } from './concurrent.ts'
import { FRESH } from './connection.ts'
import { failedIn } from './failure.ts'
import { type Migration, type Script, scriptOf } from './files.ts'
import { forget, MARK, OWNER, readLedger, record } from './ledger.ts'
import { statementsOf } from './statements.ts'

/** A concurrent build waits for every older snapshot of the database, so its lock timeout is long. */
const LIMITS = `set lock_timeout = '30min'; set statement_timeout = '6h'; set search_path = ''`

/** Throws CliError; the ledger then says `started`, and running again in either direction mends it. */
export async function runInSteps(
  client: pg.Client,
  migration: Migration,
  direction: 'up' | 'down',
  took: () => number,
): Promise<void> {
  const script = scriptOf(migration, direction)
  const resumption = resumptionOf(statementsOf(script.sql)[0] ?? '') as Resumption
  const wasStarted = (await readLedger(client)).some(
    ({ name, state }) => name === migration.name && state === 'started',
  )
  await write(client, migration, () => record(client, migration, 'started', took()))
  await runStatement(client, script, resumption, wasStarted)
  await write(client, migration, () =>
    direction === 'up' ? record(client, migration, 'done', took()) : forget(client, migration),
  )
}

async function write(client: pg.Client, { name }: Migration, work: () => Promise<unknown>): Promise<void> {
  await client.query(`${FRESH}; begin; set local role ${OWNER}; set local ${MARK} = '${name}'`)
  await work()
  await client.query('commit')
}

async function runStatement(
  client: pg.Client,
  script: Script,
  { resume, builds }: Resumption,
  wasStarted: boolean,
): Promise<void> {
  const role = script.runAs === 'owner' ? `; set role ${OWNER}` : ''
  await client.query(`${LIMITS}${role}`)
  try {
    const isDone = wasStarted && (await resume(client))
    if (!isDone) await client.query(script.sql)
  } catch (error) {
    throw failedIn(script, error)
  }
  if (builds === undefined || (await isValidIndex(client, builds))) return
  throw new CliError({
    what: `${script.file} left the invalid index ${builds}.`,
    next: 'run again: it is built anew.',
    exitCode: EXIT.failed,
    facts: { file: script.file, index: builds },
  })
}
