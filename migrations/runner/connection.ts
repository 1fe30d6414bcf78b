// The runner's one connection: bounded in every wait, and in one line when the server is not there.
import pg from 'pg'
import { connectionError } from '../../config/postgres-error.ts'

const CONNECT_WITHIN_MS = 5000

/**
 * A session as the server gave it, whatever a migration did to it. The server looks twice a second whether this end still
 * lives: otherwise the statement of a killed runner went on to its end, and held the lock as long.
 */
export const FRESH = `reset session authorization; reset all; set client_connection_check_interval = '500ms'`

/** For the runner's own statements: waits are short, and definitions print the same whatever the login's settings are. */
const OWN = `${FRESH}; set lock_timeout = '10s'; set statement_timeout = '60s'; set search_path = ''; set timezone = 'UTC';
  set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set quote_all_identifiers = off`

/** Connects to the database of this URL, or to another one on the same server. Throws CliError (exit 3). */
export async function connect(url: URL, database?: string): Promise<pg.Client> {
  const target = new URL(url)
  if (database !== undefined) target.pathname = `/${database}`
  const client = new pg.Client({
    connectionString: target.href,
    application_name: 'hma migrate',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await settle(client)
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw connectionError(target, error)
  }
}

/** Makes the session the runner's own again after a migration had it. */
export async function settle(client: pg.Client): Promise<void> {
  await client.query(OWN)
}
