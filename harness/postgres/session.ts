// A connection as some role, in the words specs use.
import pg from 'pg'
import { CliError } from '../../config/cli-error.ts'

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

export interface Login {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** Time zone the client asks for, as any client may. */
  timeZone?: string
}

/** Of the server that specs share; more than 40 for each of seven workers. */
export const MAX_CONNECTIONS = 300

const QUERY_WITHIN_MS = 30_000
const DATES_AND_TIMES = [1082, 1083, 1114, 1184, 1186]
const asText = (text: string) => text

/** Node's Date would move dates by the machine's own time zone, so they stay text. */
const types = {
  getTypeParser: ((oid: number, format: 'text') =>
    DATES_AND_TIMES.includes(oid)
      ? asText
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** Logs in for real. The caller closes the session. */
export async function openSession({ timeZone, ...login }: Login): Promise<Session> {
  const client = new pg.Client({
    ...login,
    types,
    application_name: 'hma spec',
    connectionTimeoutMillis: QUERY_WITHIN_MS,
    query_timeout: QUERY_WITHIN_MS,
    ...(timeZone === undefined ? {} : { options: `-c TimeZone=${timeZone}` }),
  })
  client.on('error', () => {})
  await client.connect().catch(explainNoConnection)
  return sessionOf(client, login.user)
}

/** The server as a whole has no connection left; a role's own limit (same SQLSTATE) is an answer that a spec may want. */
function explainNoConnection(cause: { code?: string; message: string }): never {
  if (cause.code !== '53300' || /for (?:role|database)/.test(cause.message)) throw cause
  throw new CliError({
    what: `All ${MAX_CONNECTIONS} connections of the server are taken (53300): the broker holds 4 and each worker 2, so tests hold the rest.`,
    where: 'a session of a test',
    next: 'close sessions as soon as they are not needed, or run fewer workers (--maxWorkers=2).',
    cause,
  })
}

/** A login that row security and grants really bind. Throws CliError for a superuser or a role with BYPASSRLS. */
export async function openBoundSession(login: Login): Promise<Session> {
  const session = await openSession(login)
  const unbound = await session.value<boolean>(
    'select rolsuper or rolbypassrls from pg_roles where rolname = session_user',
  )
  if (!unbound) return session
  await session.close()
  throw new CliError({
    what: `${login.user} is a superuser or has BYPASSRLS, so nothing it may do proves security.`,
    where: 'db.as(role)',
    next: 'name the role a user of the platform logs in as.',
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
