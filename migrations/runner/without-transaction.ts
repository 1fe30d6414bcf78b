// Runs a migration that cannot run in a transaction. The ledger says `started` before it and `done` after it, so that the next run
// sees that a runner was killed in between, and resumes.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { answeredWithin } from '../../config/postgres.ts'
import { LOCK_TIMEOUT, repeatWhileLocked } from './attempts.ts'
import { type Migration, type Script, scriptOf } from './files.ts'
import { deleteRow, type LedgerRow, MIGRATION_SETTING, OWNER, readLedger, writeRow } from './ledger.ts'
import { isValidIndex, type Resumption, resumptionOf } from './resumable.ts'
import { scriptError } from './script-error.ts'
import { RESET_SESSION, SCRIPT_ANSWER_MS } from './session.ts'
import { statementsOf } from './statements.ts'

/** A concurrent build waits for every older snapshot of the database. */
const LONG_LOCK_TIMEOUT = '30min'
/** Of the ledger's row, for which no other query waits. */
const LEDGER_LOCK_TIMEOUT = '10s'
const LIMITS = `set statement_timeout = '6h'; set search_path = '';
  set standard_conforming_strings = on`

/**
 * Throws CliError. When the statement failed and nothing of it remains, the ledger is as it was; otherwise, as after a kill, it says
 * `started`, and running again in either direction completes.
 */
export async function runWithoutTransaction(
  client: pg.Client,
  migration: Migration,
  direction: 'up' | 'down',
  elapsedMs: () => number,
): Promise<void> {
  const script = scriptOf(migration, direction)
  const resumption = resumptionOf(statementsOf(script.sql)[0] ?? '') as Resumption
  const before = (await readLedger(client)).find(({ name }) => name === migration.name)?.state
  const record = (state: State) =>
    writeLedger(client, migration, () =>
      state === undefined ? deleteRow(client, migration) : writeRow(client, migration, state, elapsedMs()),
    )
  await record('started')
  try {
    await runStatement(client, script, resumption, before === 'started')
  } catch (error) {
    if (await resumption.undo(client).catch(() => false)) await record(stateAfterUndo(before, direction))
    throw error
  }
  await record(direction === 'up' ? 'done' : undefined)
}

/** Of a ledger row; undefined without one. */
type State = LedgerRow['state'] | undefined

/** Nothing remains of the statement: nor of an attempt to go up that was killed before. */
function stateAfterUndo(before: State, direction: 'up' | 'down'): State {
  return before === 'started' && direction === 'up' ? undefined : before
}

async function writeLedger(
  client: pg.Client,
  { name }: Migration,
  write: () => Promise<unknown>,
): Promise<void> {
  await client.query(
    `${RESET_SESSION}; begin; set local lock_timeout = '${LEDGER_LOCK_TIMEOUT}'; set local role ${OWNER};
     set local ${MIGRATION_SETTING} = '${name}'`,
  )
  await write()
  await client.query('commit')
}

async function runStatement(
  client: pg.Client,
  script: Script,
  resumption: Resumption,
  wasStarted: boolean,
): Promise<void> {
  const { builds, repeatsForMs } = resumption
  const lockTimeout = repeatsForMs === undefined ? LONG_LOCK_TIMEOUT : LOCK_TIMEOUT
  await client.query(`set lock_timeout = '${lockTimeout}'; ${LIMITS}; set role ${OWNER}`)
  const attempt = (isFirst: boolean) => attemptOnce(client, script, resumption, wasStarted || !isFirst)
  await (repeatsForMs === undefined ? attempt(true) : repeatWhileLocked(attempt, repeatsForMs))
  if (builds === undefined || (await isValidIndex(client, builds))) return
  throw new CliError({
    what: `${script.file} left the invalid index ${builds}.`,
    next: 'run again: the index is built again.',
    exitCode: EXIT.failed,
    facts: { file: script.file, index: builds },
  })
}

async function attemptOnce(
  client: pg.Client,
  script: Script,
  { resume }: Resumption,
  wasStarted: boolean,
): Promise<void> {
  try {
    const isDone = wasStarted && (await resume(client))
    if (!isDone) await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))
  } catch (error) {
    throw scriptError(script, error)
  }
}
