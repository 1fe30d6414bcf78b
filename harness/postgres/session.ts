// A connection to a database as one role, with the queries that specs need.
import pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import { MAX_CONNECTIONS, openClient } from '../containers/postgres-client.ts'
import type { ServerLogin } from './lease.ts'

export type Row = Record<string, unknown>

export interface Session extends AsyncDisposable {
  role: string
  /** Rows of one statement, or of the last of several. Dates and times come as Postgres writes them. */
  query<R = Row>(text: string, values?: unknown[]): Promise<R[]>
  /** The only column of the only row. */
  value<V = unknown>(text: string, values?: unknown[]): Promise<V>
  /** The only column of every row. */
  column<V = string>(text: string, values?: unknown[]): Promise<V[]>
  count(table: string): Promise<number>
  close(): Promise<void>
}

export interface Login extends ServerLogin {
  database: string
  /** Time zone that the client sets, as any client may. */
  timeZone?: string
}

const QUERY_WITHIN_MS = 30_000
const DATES_AND_TIMES = [1082, 1083, 1114, 1184, 1186]
const asText = (text: string) => text

/** Dates and times stay text, because Node's Date would move them by the machine's time zone. */
const types = {
  getTypeParser: ((oid: number, format: 'text') =>
    DATES_AND_TIMES.includes(oid)
      ? asText
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** Logs in over the network. The caller closes the session. */
export async function openSession({ timeZone, ...login }: Login): Promise<Session> {
  const client = await openClient({
    ...login,
    types,
    application_name: 'hma spec',
    connectionTimeoutMillis: QUERY_WITHIN_MS,
    query_timeout: QUERY_WITHIN_MS,
    ...(timeZone === undefined ? {} : { options: `-c TimeZone=${timeZone}` }),
  }).catch(explainNoConnection)
  return sessionOf(client, login.user)
}

/** The server has no connection left. The limit of a role or database has the same SQLSTATE and is an answer that a spec may expect. */
function explainNoConnection(cause: { code?: string; message: string }): never {
  if (cause.code !== '53300' || /for (?:role|database)/.test(cause.message)) throw cause
  throw new CliError({
    what: `All ${MAX_CONNECTIONS} connections of the server are in use (53300): 4 by the broker, 2 by each worker, the rest by tests.`,
    where: 'a session of a test',
    next: 'close a session as soon as it is not needed, or run fewer workers (--maxWorkers=2).',
    cause,
  })
}

/** A session as a role that grants and row security restrict. Throws CliError for a superuser or a role with BYPASSRLS. */
export async function openRestrictedSession(login: Login): Promise<Session> {
  const session = await openSession(login)
  const isUnrestricted = await session.value<boolean>(
    'select rolsuper or rolbypassrls from pg_roles where rolname = session_user',
  )
  if (!isUnrestricted) return session
  await session.close()
  throw new CliError({
    what: `${login.user} is a superuser or has BYPASSRLS, so what it is allowed to do proves nothing about security.`,
    where: 'db.as(role)',
    next: 'use the role that the application logs in as.',
  })
}

function sessionOf(client: pg.Client, role: string): Session {
  const query = async <R>(text: string, values?: unknown[]): Promise<R[]> => {
    const result = await client.query(text, values)
    return (Array.isArray(result) ? result.at(-1).rows : result.rows) as R[]
  }
  const value = async <V>(text: string, values?: unknown[]): Promise<V> => {
    const [row] = await query<Row>(text, values)
    return Object.values(row ?? {})[0] as V
  }
  const close = async () => {
    await client.end().catch(() => {})
  }
  return {
    role,
    query,
    value,
    column: async <V>(text: string, values?: unknown[]) =>
      (await query<Row>(text, values)).map((row) => Object.values(row)[0] as V),
    count: (table) => value<number>(`select count(*)::int from ${table}`),
    close,
    [Symbol.asyncDispose]: close,
  }
}
