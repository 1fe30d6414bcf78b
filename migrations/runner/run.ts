// Runs a script and its ledger row in one transaction.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { answeredWithin } from '../../config/postgres.ts'
import { LOCK_TIMEOUT, repeatWhileLocked } from './attempts.ts'
import { type Migration, type Script, scriptOf } from './files.ts'
import { deleteRow, MIGRATION_SETTING, OWNER, writeRow } from './ledger.ts'
import { scriptError } from './script-error.ts'
import { RESET_SESSION, SCRIPT_ANSWER_MS } from './session.ts'
import { runWithoutTransaction } from './without-transaction.ts'

/** The search path is empty and strings are those of the standard, so that a file means the same in every database. */
const LIMITS = `set local lock_timeout = '${LOCK_TIMEOUT}'; set local statement_timeout = '30min';
  set local idle_in_transaction_session_timeout = '1min'; set local search_path = '';
  set local standard_conforming_strings = on`

export type Direction = 'up' | 'down'

/** Applies or undoes one migration; returns milliseconds. When it throws CliError, no change of the migration remains. */
export async function runMigration(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
): Promise<number> {
  const startedAt = performance.now()
  const elapsedMs = () => Math.round(performance.now() - startedAt)
  if (migration.transactional) await runInTransaction(client, migration, direction, elapsedMs)
  else await runWithoutTransaction(client, migration, direction, elapsedMs)
  return elapsedMs()
}

async function runInTransaction(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  elapsedMs: () => number,
): Promise<void> {
  const script = scriptOf(migration, direction)
  await runScript(client, script, async () => {
    const written =
      direction === 'up' ? writeRow(client, migration, 'done', elapsedMs()) : deleteRow(client, migration)
    if (!(await written)) throw transactionEnded(script)
  })
}

/**
 * Runs a script and then `write` in one transaction. While a table stays locked it runs them again, for 22 seconds and at least five
 * times. Throws CliError.
 */
export function runScript(
  client: pg.Client,
  script: Script,
  write: () => Promise<void> = async () => {},
): Promise<void> {
  return repeatWhileLocked(() => runOnce(client, script, write))
}

async function runOnce(client: pg.Client, script: Script, write: () => Promise<void>): Promise<void> {
  const settings = Object.entries({ ...script.settings, [MIGRATION_SETTING]: script.name })
  const set = settings.map(([name, value]) => `set local ${name} = ${client.escapeLiteral(value)};`).join(' ')
  await client.query(`${RESET_SESSION}; begin; ${LIMITS}; set local role ${OWNER}; ${set}`)
  try {
    await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))
    await client.query(`set local role ${OWNER}`)
    await write()
    await client.query(answeredWithin(SCRIPT_ANSWER_MS, 'commit'))
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error instanceof CliError ? error : scriptError(script, error)
  }
}

/** A file that contains such a statement is refused before it runs; this catches the ways that check does not know. */
function transactionEnded({ file }: Script): CliError {
  return new CliError({
    what: `${file} ended its transaction, so its change remains and is not in the ledger.`,
    next: 'undo the change by hand, and remove the statement that ends the transaction.',
    exitCode: EXIT.failed,
    facts: { file },
  })
}
