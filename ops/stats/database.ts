// Asks a database for figures, within a limit of time that holds whatever state the server is in.
import { join } from 'node:path'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { connect } from '../../config/postgres.ts'
import { isSqlError, type SqlError } from '../../config/postgres-error.ts'
import { readProjectFile } from '../../config/text-file.ts'
import type { Limit } from './program.ts'
import { gone, noAnswer, slow } from './server-state.ts'

/** The server's own limit ends earlier than ours: when it does not, the server gives no answer. */
const SERVER_SHARE = 0.8
const LOCK_WAIT_MS = 500

export function nameOf(url: URL): string {
  return `Postgres at ${url.hostname}:${url.port || 5432}${url.pathname}`
}

/** Text of an SQL file of this folder. */
export function sqlOf(file: string): string {
  return readProjectFile(join(import.meta.dirname, file))
}

/** Connects, asks and disconnects. Throws CliError that says what state the server is in. */
export async function askDatabase<T>(
  url: URL,
  { milliseconds, signal, answered }: Limit,
  ask: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const serverMs = Math.round(milliseconds * SERVER_SHARE)
  try {
    const client = await connect(url, {
      applicationName: 'hma stats',
      connectTimeoutMs: serverMs,
      statementTimeoutMs: serverMs,
      lockTimeoutMs: LOCK_WAIT_MS,
      refuseSuperuser: true,
    })
    // Ending a client in mid-query closes its socket at once.
    const end = () => client.end().catch(() => {})
    signal.addEventListener('abort', end)
    // The client says so after each answer that it has received to its end.
    client.on('drain', answered)
    return await ask(client).finally(end)
  } catch (error) {
    throw stateError(url, error, serverMs)
  }
}

const CANCELLED = ['57014', '55P03']
const FULL = '53300'

function stateError(url: URL, error: unknown, milliseconds: number): CliError {
  // What the caller has found out itself.
  if (error instanceof CliError && error.cause === undefined) return error
  const cause = (error instanceof CliError ? error.cause : error) as SqlError
  const { code = '', message } = cause
  const server = nameOf(url)
  if (CANCELLED.includes(code)) return slow(server, `the figures took longer than ${milliseconds / 1000} s`)
  if (code === FULL) return full(server, message)
  if (isSqlError(cause)) return refused(server, cause)
  return /timeout/i.test(message) ? noAnswer(server, milliseconds) : gone(server, code || message)
}

/** The server has no connection left, or none for this login. */
function full(server: string, message: string): CliError {
  return new CliError({
    what: `${server} is full: ${message}.`,
    next: 'end a client; psql as postgres, for whom some connections are reserved, can do so.',
    exitCode: EXIT.unreachable,
    facts: { state: 'full' },
  })
}

/** Of an authentication that failed, and of a database that does not exist. */
const LOGIN_REFUSED = /^(?:28|3D)/

function refused(server: string, { code = '', message }: SqlError): CliError {
  const next = LOGIN_REFUSED.test(code)
    ? 'log in as hma_monitor, with its password: HMA_DATABASE_URL and HMA_DATABASE_PASSWORD_FILE.'
    : 'has the database every migration (scripts/migrate.sh status), and is the login hma_monitor?'
  return new CliError({
    what: `${server} refuses it: ${message} (SQLSTATE ${code}).`,
    next,
    exitCode: EXIT.failed,
    facts: { state: 'refused', sqlstate: code },
  })
}
