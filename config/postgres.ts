// A connection that is bounded in every wait, and in one line when the server is not there.
import type pg from 'pg'
import { CliError, EXIT } from './cli-error.ts'

const CONNECT_WITHIN_MS = 5000
const END_WITHIN_MS = 2000
/** How much longer this end waits than the server may take, before it takes the connection for lost. */
const GRACE_MS = 5000

export interface ConnectionPlan {
  /** What the server's own lists call this program. */
  program: string
  /** Limit of a statement; afterwards the server ends it, and were the server gone, this end gives up. */
  statementWithinMs: number
  /** Limit of the wait for a lock; without it the limit of the statement. */
  lockWithinMs?: number
}

/** Connects, or throws CliError (exit 3) that says where to and why not. */
export async function connect(url: URL, plan: ConnectionPlan): Promise<pg.Client> {
  const { statementWithinMs, lockWithinMs = statementWithinMs } = plan
  // Loaded when all that can be said without a server is said.
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: url.href,
    application_name: plan.program,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: statementWithinMs + GRACE_MS,
    keepAlive: true,
    options: `-c statement_timeout=${statementWithinMs} -c lock_timeout=${lockWithinMs} -c idle_in_transaction_session_timeout=60000`,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (cause) {
    client.end().catch(() => {})
    throw unreachable(url, cause)
  }
}

/** Ends the program on SIGINT and SIGTERM, exit code 130 or 143; closing the connection rolls back what is open. Returns the undoing. */
export function stopOnSignal(client: pg.Client): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(signal === 'SIGINT' ? 130 : 143)
    setTimeout(exit, END_WITHIN_MS)
    client.end().then(exit, exit)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
}

/** True for an answer of the server about a statement, false when the server or the connection went. */
export function isAnswer(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P)/.test(code)
}

/** The refusal (exit 3) that says where to and why not. */
export function unreachable(url: URL, cause: unknown): CliError {
  const { code, message } = cause as { code?: string; message: string }
  const where = `${url.username}@${url.hostname}:${url.port || 5432}${url.pathname}`
  return new CliError({
    what: `No connection to ${where} (${code ?? message}).`,
    next: 'is the server up, and is HMA_DATABASE_URL right?',
    exitCode: EXIT.unreachable,
    cause,
    facts: { reason: code ?? message },
  })
}
