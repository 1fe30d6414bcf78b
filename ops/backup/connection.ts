// Connections of backups and restores: one for a job, whose statements may be long, and one for the checks before it, which may not.
import type pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import { connect, endConnection } from '../../config/postgres.ts'
import { isSqlError, statementError } from '../../config/postgres-error.ts'

/** No name without its schema is looked for where somebody else may have made something. */
const OWN_NAMES = `set search_path = ''`
const NO_LIMIT = `${OWN_NAMES}; set idle_in_transaction_session_timeout = 0; set statement_timeout = 0`

/** Connects for a job; the limit of each of its statements is set where it is run. */
export function connectForBackup(url: URL): Promise<pg.Client> {
  return connect(url, { applicationName: 'hma backup', sessionSetup: NO_LIMIT })
}

/** What a check before a job may take on the server. */
export const CHECK_MS = 60_000

interface CheckOptions {
  lockWaitSeconds?: number
  /** Throws CliError (exit 4) for a login that is a superuser. */
  refuseSuperuser?: boolean
}

/** Calls `check` with a connection on which no statement and no lock may take long, so that a server that has stopped is noticed. */
export async function checkDatabase<T>(
  url: URL,
  check: (client: pg.Client) => Promise<T>,
  { lockWaitSeconds = CHECK_MS / 1000, refuseSuperuser = false }: CheckOptions = {},
): Promise<T> {
  const lockTimeoutMs = lockWaitSeconds * 1000
  const client = await connect(url, {
    ...{ applicationName: 'hma backup', statementTimeoutMs: CHECK_MS, lockTimeoutMs },
    ...{ refuseSuperuser, sessionSetup: OWN_NAMES },
  })
  try {
    return await check(client)
  } catch (error) {
    throw error instanceof CliError ? error : readError(error)
  } finally {
    await endConnection(client)
  }
}

/** What a person is told of an error while the database was read. */
export function readError(error: unknown): unknown {
  const next = isSqlError(error) ? NEXT : ''
  return statementError(error, { subject: 'the reading of the database', next })
}

/** By SQLSTATE. */
const NEXT = {
  '55P03': 'scripts/db-stats.sh tells who holds the lock; run again when it is released.',
  '57014': 'run again when the server has less load.',
  default:
    'a backup logs in as hma_backup, a restore as postgres; scripts/migrate.sh apply gives roles their rights.',
}
