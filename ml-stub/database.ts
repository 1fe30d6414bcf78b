// A pool with few connections where every wait has a limit. A database that is paused keeps its sockets open and sends
// nothing, so only a limit on our side ends the wait.
import pg from 'pg'
import type { Settings } from './settings.ts'

/** Limit for getting a connection and for its answer, each, so a query ends within twice this. */
const WAIT_MS = 1000

/** Why a query failed, as the contract names it. */
export const REASONS = ['timeout', 'unreachable', 'refused', 'unprepared', 'failed'] as const
export type Reason = (typeof REASONS)[number]

/** A query that failed. `cause` is the driver's error; it is for the log, never for a client. */
export class QueryError extends Error {
  readonly reason: Reason
  readonly sqlstate: string | undefined

  constructor(cause: unknown) {
    super('The query failed.', { cause })
    this.sqlstate = cause instanceof pg.DatabaseError ? cause.code : undefined
    this.reason = reasonOf(cause, this.sqlstate)
  }
}

export interface Database {
  /** Rows of one statement, within two seconds. Throws QueryError. */
  query(text: string, values?: unknown[]): Promise<unknown[]>
  close(): Promise<void>
}

/** Connects at the first query. `name` is shown in pg_stat_activity. */
export function openDatabase(settings: Settings, name: string, connections: number): Database {
  const pool = new pg.Pool({
    connectionString: urlOf(settings),
    application_name: name,
    max: connections,
    connectionTimeoutMillis: WAIT_MS,
    query_timeout: WAIT_MS,
    statement_timeout: WAIT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  })
  // The pool has already removed an idle connection that broke; without a listener the error would end the process.
  pool.on('error', () => {})
  return {
    async query(text, values = []) {
      try {
        return (await pool.query(text, values)).rows
      } catch (error) {
        throw new QueryError(error)
      }
    },
    close: () => pool.end(),
  }
}

function urlOf({ databaseUrl, password }: Settings): string {
  const url = new URL(databaseUrl)
  url.password = encodeURIComponent(password)
  return url.href
}

const UNPREPARED = new Set(['42P01', '42703', '3F000'])
const REFUSED = /^(?:28|53|3D000|42501|55000|57P03)/

function reasonOf(cause: unknown, sqlstate: string | undefined): Reason {
  if (sqlstate === undefined) {
    return /timeout/i.test((cause as Error).message) ? 'timeout' : 'unreachable'
  }
  if (sqlstate === '57014') return 'timeout'
  if (UNPREPARED.has(sqlstate)) return 'unprepared'
  if (REFUSED.test(sqlstate)) return 'refused'
  return /^(?:08|57P)/.test(sqlstate) ? 'unreachable' : 'failed'
}
