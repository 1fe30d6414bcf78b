// A pool with few connections where every wait has a limit. A database that is paused keeps its sockets open and sends
// nothing, so only a limit on our side ends the wait.
import pg from 'pg'
import type { Settings } from './settings.ts'

/** Limit for getting a connection and for its answer, each, so a query ends within twice this. */
const WAIT_MS = 1000
const LIMITS = {
  connectionTimeoutMillis: WAIT_MS,
  query_timeout: WAIT_MS,
  statement_timeout: WAIT_MS,
  idleTimeoutMillis: 60_000,
  keepAlive: true,
}

/** Why a query failed, as the contract names it. */
export const REASONS = ['timeout', 'unreachable', 'refused', 'unprepared', 'failed'] as const

/** A query that failed. `cause` is the driver's error; it is for the log, never for a client. */
export class QueryError extends Error {
  readonly sqlstate: string | undefined
  readonly reason: (typeof REASONS)[number]

  constructor(cause: unknown) {
    super('The query failed.', { cause })
    this.sqlstate = cause instanceof pg.DatabaseError ? cause.code : undefined
    this.reason = reasonOf(cause, this.sqlstate)
  }
}

export type Database = ReturnType<typeof openDatabase>

/** Connects at the first query. `name` is shown in pg_stat_activity. */
export function openDatabase({ databaseUrl, password }: Settings, name: string, max: number) {
  const url = Object.assign(new URL(databaseUrl), { password: encodeURIComponent(password) })
  const pool = new pg.Pool({ ...LIMITS, connectionString: url.href, application_name: name, max })
  // The pool has already removed an idle connection that broke; without a listener the error would end the process.
  pool.on('error', () => {})
  return {
    /** Rows of one statement, within two seconds. Throws QueryError. */
    async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
      try {
        return (await pool.query(text, values)).rows as Row[]
      } catch (error) {
        throw new QueryError(error)
      }
    },
    close: () => pool.end(),
  }
}

const UNPREPARED = new Set(['42P01', '42703', '3F000'])
const REFUSED = /^(?:28|53|3D000|42501|55000|57P03)/

function reasonOf(cause: unknown, sqlstate: string | undefined): QueryError['reason'] {
  if (sqlstate === undefined) return /timeout/i.test(String(cause)) ? 'timeout' : 'unreachable'
  if (sqlstate === '57014') return 'timeout'
  if (UNPREPARED.has(sqlstate)) return 'unprepared'
  if (REFUSED.test(sqlstate)) return 'refused'
  return /^(?:08|57P)/.test(sqlstate) ? 'unreachable' : 'failed'
}
