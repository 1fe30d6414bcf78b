// Runs one migration in one direction: its change and its ledger row share a transaction, or, for a file that
// cannot run in one, the ledger says `started` before it and `done` after it.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Migration } from './files.ts'
import { forget, OWNER, record } from './ledger.ts'
import { EXIT, Refusal } from './refusal.ts'

/** A table that is locked by traffic is waited for briefly and tried again, so that traffic never queues behind us for long. */
const LOCK_TIMEOUT = '3s'
const LOCK_RETRIES_MS = [500, 1000, 2000, 4000]
const TRANSACTION_LIMITS = `set local lock_timeout = '${LOCK_TIMEOUT}'; set local statement_timeout = '30min';
  set local idle_in_transaction_session_timeout = '1min'`
/** A concurrent build waits for every older snapshot of the database, so its lock timeout is long. */
const CONCURRENT_LIMITS = `set lock_timeout = '30min'; set statement_timeout = '0'`

export type Direction = 'up' | 'down'

/** Applies or undoes one migration. Throws Refusal (exit 1) with file, line, SQLSTATE and rule; nothing of it stays. */
export async function runMigration(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
): Promise<number> {
  const began = performance.now()
  if (migration.transactional) await retryOnLock(() => runInTransaction(client, migration, direction, began))
  else await runInSteps(client, migration, direction, began)
  return Math.round(performance.now() - began)
}

async function runInTransaction(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  began: number,
): Promise<void> {
  await client.query(`begin; ${TRANSACTION_LIMITS}`)
  try {
    await runSql(client, migration, direction)
    await writeLedger(client, migration, direction, 'done', began)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function runInSteps(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  began: number,
): Promise<void> {
  await inTransaction(client, () => writeLedger(client, migration, 'up', 'started', began))
  await client.query(CONCURRENT_LIMITS)
  await dropInvalidIndex(client, migration[direction])
  await runSql(client, migration, direction)
  await refuseInvalidIndex(client, migration)
  await inTransaction(client, () => writeLedger(client, migration, direction, 'done', began))
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  await work()
  await client.query('commit')
}

async function runSql(client: pg.Client, migration: Migration, direction: Direction): Promise<void> {
  if (migration.runAs === 'owner') await client.query(`set role ${OWNER}`)
  try {
    await client.query(migration[direction])
  } catch (error) {
    throw failedIn(migration, direction, error)
  }
  await client.query('reset role')
}

async function writeLedger(
  client: pg.Client,
  migration: Migration,
  direction: Direction,
  state: 'started' | 'done',
  began: number,
) {
  const { name, checksum, transactional } = migration
  await client.query(`set local role ${OWNER}`)
  if (direction === 'up') {
    await record(client, {
      name,
      checksum,
      transactional,
      state,
      durationMs: Math.round(performance.now() - began),
    })
  } else {
    await forget(client, name)
  }
  await client.query('reset role')
}

async function retryOnLock(work: () => Promise<void>): Promise<void> {
  for (const waitMs of [...LOCK_RETRIES_MS, null]) {
    try {
      return await work()
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined
      if (waitMs === null || cause?.code !== '55P03') throw error
      await pause(waitMs)
    }
  }
}

const INDEX_NAME =
  /create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?([\w."]+)\s+on\s+(?:only\s+)?(?:([\w"]+)\.)?/i

/** What a killed concurrent build left: an index that is there and never used. It is dropped and built anew. */
async function dropInvalidIndex(client: pg.Client, sql: string): Promise<void> {
  const [, name, schema] = INDEX_NAME.exec(sql) ?? []
  if (name === undefined) return
  const { rows } = await client.query(
    `select i.indisvalid, c.oid::regclass::text as full_name from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relname = $1 and ($2::text is null or c.relnamespace = to_regnamespace($2))`,
    [name.replaceAll('"', ''), schema ?? null],
  )
  if (rows.length > 0) await client.query(`drop index concurrently ${rows[0].full_name}`)
}

async function refuseInvalidIndex(client: pg.Client, { name }: Migration): Promise<void> {
  const { rows } = await client.query(
    'select indexrelid::regclass::text as index from pg_index where not indisvalid',
  )
  if (rows.length === 0) return
  throw new Refusal(
    EXIT.failed,
    `${name} left the invalid index ${rows[0].index}.`,
    'run again: it is dropped and built anew.',
  )
}

interface SqlError {
  code?: string
  constraint?: string
  position?: string
  message: string
}

/** Names file, line, SQLSTATE and rule. DETAIL is left out: Postgres puts row data there. */
function failedIn(migration: Migration, direction: Direction, error: unknown): Refusal {
  const { code, constraint, position, message } = error as SqlError
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('08') || code.startsWith('57P')) {
    return new Refusal(
      EXIT.unreachable,
      `The server went while ${migration.name} ran (${code ?? message}).`,
      'bring it up, then run again: nothing half-done stays.',
      error,
    )
  }
  const line = position ? `:${migration[direction].slice(0, Number(position)).split('\n').length}` : ''
  const rule = constraint ? `, rule ${constraint}` : ''
  const file = `${migration.name}.${direction}.sql${line}`
  return new Refusal(
    EXIT.failed,
    `${file} failed: ${message} (SQLSTATE ${code}${rule}).`,
    'mend that file; what came before it is applied.',
    error,
  )
}
