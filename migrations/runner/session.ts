// The runner's database session.
import type pg from 'pg'
import { connect } from '../../config/postgres.ts'

/**
 * Resets whatever a migration has set. The server checks twice a second whether the client is still connected: otherwise the
 * statement of a killed runner would run to its end and hold the lock until then.
 */
export const RESET_SESSION = `reset session authorization; reset all; set client_connection_check_interval = '500ms'`

/** For the runner's own statements: short waits, and definitions that print the same whatever the settings of the login are. */
const RUNNER_SETTINGS = `${RESET_SESSION}; set lock_timeout = '10s'; set statement_timeout = '60s'; set search_path = '';
  set timezone = 'UTC'; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set quote_all_identifiers = off`

/** Connects to the database of this URL, or to another one on the same server. Throws CliError (exit 3). */
export function openSession(url: URL, database?: string): Promise<pg.Client> {
  const target = new URL(url)
  if (database !== undefined) target.pathname = `/${database}`
  return connect(target, { applicationName: 'hma migrate', sessionSetup: RUNNER_SETTINGS })
}

/** Restores the runner's settings after a migration has used the session. */
export async function useRunnerSettings(client: pg.Client): Promise<void> {
  await client.query(RUNNER_SETTINGS)
}
