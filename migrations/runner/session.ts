// The runner's database sessions.
import type pg from 'pg'
import { connect, endConnection, stopOnSignal } from '../../config/postgres.ts'

/**
 * Resets whatever a migration has set. The server checks twice a second whether the client is still connected: otherwise the
 * statement of a killed runner would run to its end and hold its locks until then.
 */
export const RESET_SESSION = `reset session authorization; reset all; set client_connection_check_interval = '500ms'`

/** For the runner's own statements: short waits, and definitions that print the same whatever the settings of the login are. */
const RUNNER_SETTINGS = `${RESET_SESSION}; set lock_timeout = '10s'; set statement_timeout = '60s'; set search_path = '';
  set timezone = 'UTC'; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set quote_all_identifiers = off;
  set bytea_output = 'hex'; set standard_conforming_strings = on; set extra_float_digits = 1`

/**
 * The limits that the database has for idle sessions would end one between two statements, as a busy machine sends them, and the one
 * that holds the lock while another works.
 */
const WHILE_IDLE = ['idle_session_timeout=0', 'idle_in_transaction_session_timeout=0']

/** Longer than `statement_timeout` above, so that a server that hangs is told from a statement that takes too long. */
const ANSWER_MS = 65_000
/** The same for the text of a migration or of the prelude, whose own limits are at most six hours. */
export const SCRIPT_ANSWER_MS = 6.1 * 60 * 60 * 1000

/** Connects as a login that is no superuser. Throws CliError: exit 3 without a connection, exit 4 for a superuser. */
export function openSession(url: URL): Promise<pg.Client> {
  return connect(url, {
    applicationName: 'hma migrate',
    answerTimeoutMs: ANSWER_MS,
    refuseSuperuser: true,
    settings: WHILE_IDLE,
    sessionSetup: RUNNER_SETTINGS,
  })
}

/** For the prelude alone: no event trigger fires in it. Throws CliError (exit 3). */
export function openSuperuserSession(url: URL): Promise<pg.Client> {
  const settings = ['event_triggers=off', ...WHILE_IDLE]
  return connect(url, {
    ...{ applicationName: 'hma migrate', answerTimeoutMs: ANSWER_MS },
    ...{ settings, sessionSetup: RUNNER_SETTINGS },
  })
}

/** Works in a session and closes it afterwards, also on SIGINT and SIGTERM. */
export async function withSession<T>(
  opening: Promise<pg.Client>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await opening
  const removeHandlers = stopOnSignal(client)
  try {
    return await work(client)
  } finally {
    removeHandlers()
    await endConnection(client)
  }
}

/** The same URL for another database of the server. */
export function urlOfDatabase(url: URL, database: string): URL {
  return Object.assign(new URL(url), { pathname: `/${database}` })
}

/** Restores the runner's settings after a migration has used the session. */
export async function useRunnerSettings(client: pg.Client): Promise<void> {
  await client.query(RUNNER_SETTINGS)
}
