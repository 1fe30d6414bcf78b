// Runs a script in one transaction, and with it what is to be written about it: a migration's change and its ledger
// row are one.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { FRESH } from './connection.ts'
import { failedIn } from './failure.ts'
import { type Migration, type Script, scriptOf } from './files.ts'
import { forget, MARK, OWNER, record } from './ledger.ts'
import { runInSteps } from './steps.ts'

/** A table that is locked by traffic is waited for briefly and tried again, so that traffic never queues behind us for long. */
const LOCK_TIMEOUT = '3s'
const LOCK_RETRIES_MS = [500, 1000, 2000, 4000]
/** The search path is empty, so that no name in a file means one thing here and another there. */
const LIMITS = `set local lock_timeout = '${LOCK_TIMEOUT}'; set local statement_timeout = '30min';
  set local idle_in_transaction_session_timeout = '1min'; set local search_path = ''`

export type Direction = 'up' | 'down'

/** Applies or undoes one migration; returns milliseconds. Throws CliError, and nothing of it stays. */
export async function runMigration(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
): Promise<number> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  if (migration.transactional) await runInTransaction(client, migration, direction, took)
  else await runInSteps(client, migration, direction, took)
  return took()
}

async function runInTransaction(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  took: () => number,
): Promise<void> {
  const script = scriptOf(migration, direction)
  await runScript(client, script, async () => {
    const written = direction === 'up' ? record(client, migration, 'done', took()) : forget(client, migration)
    if (!(await written)) throw leftItsTransaction(script)
  })
}

/** Runs a script and then `write` in one transaction; tries again while a lock is not free. Throws CliError. */
export async function runScript(
  client: pg.Client,
  script: Script,
  write: () => Promise<void> = async () => {},
): Promise<void> {
  for (const waitMs of [...LOCK_RETRIES_MS, null]) {
    try {
      return await runOnce(client, script, write)
    } catch (error) {
      const waits = error instanceof CliError && error.facts.sqlstate === '55P03'
      if (waitMs === null || !waits) throw error
      await pause(waitMs)
    }
  }
}

async function runOnce(client: pg.Client, script: Script, write: () => Promise<void>): Promise<void> {
  const role = script.runAs === 'owner' ? `set local role ${OWNER};` : ''
  const settings = Object.entries({ ...script.settings, [MARK]: script.name })
  const set = settings.map(([name, value]) => `set local ${name} = ${client.escapeLiteral(value)};`).join(' ')
  await client.query(`${FRESH}; begin; ${LIMITS}; ${role} ${set}`)
  try {
    await client.query(script.sql)
    await client.query(`set local role ${OWNER}`)
    await write()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error instanceof CliError ? error : failedIn(script, error)
  }
}

/** A file that says so is refused before it runs; this is the second net, for a way to say it that was not thought of. */
function leftItsTransaction({ file }: Script): CliError {
  return new CliError({
    what: `${file} left its transaction, so its change stays and the ledger does not know it.`,
    next: 'undo the change by hand, and take out what ends the transaction.',
    exitCode: EXIT.failed,
    facts: { file },
  })
}
