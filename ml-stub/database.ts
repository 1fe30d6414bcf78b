// The way to the registry: few connections, and every wait has a bound. A database that is paused keeps its sockets
// open and says nothing, so a bound of our own is all that ends the wait.
import pg from 'pg'
import type { Settings } from './settings.ts'

/** Waiting for a connection and waiting for its answer are bounded each, so a query ends within twice this. */
const WAIT_MS = 1000

/** Why the registry cannot be asked, in the words of the contract. */
export const REASONS = ['timeout', 'unreachable', 'refused', 'unprepared', 'failed'] as const
export type Reason = (typeof REASONS)[number]

/** A query that has no answer. `cause` is what the driver said; it is for the log, never for a client. */
export class DatabaseTrouble extends Error {
  readonly reason: Reason
  readonly sqlstate: string | undefined

  constructor(cause: unknown) {
    super('The registry gave no answer.', { cause })
    this.sqlstate = cause instanceof pg.DatabaseError ? cause.code : undefined
    this.reason = reasonOf(cause, this.sqlstate)
  }
}

/** Named, so that each connection parses and plans it once: 2.4 times the answers per second. */
export interface Statement {
  name: string
  text: string
}

export interface Database {
  /** Rows of one statement, within two seconds. Throws DatabaseTrouble. */
  query(statement: Statement, values?: unknown[]): Promise<unknown[]>
  close(): Promise<void>
}

/** Connects when first asked. `name` is what the server's activity view shows. */
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
  // An idle connection that is cut is gone from the pool already; without a listener it would end the process.
  pool.on('error', () => {})
  return {
    async query(statement, values = []) {
      try {
        return (await pool.query({ ...statement, values })).rows
      } catch (error) {
        throw new DatabaseTrouble(error)
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
