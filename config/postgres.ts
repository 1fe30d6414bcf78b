// The one way to connect to Postgres: every wait is bounded, and a missing server is one line.
import type pg from 'pg'
import { CliError, EXIT } from './cli-error.ts'
import { connectionError } from './postgres-error.ts'

const CONNECT_TIMEOUT_MS = 5000
const KEEP_ALIVE_AFTER_MS = 10_000
const END_TIMEOUT_MS = 2000
/** How much longer this end waits than the server may take, before it considers the connection lost. */
const GRACE_MS = 5000

export interface ConnectionOptions {
  /** What pg_stat_activity calls this program. */
  applicationName: string
  /** Limit of the wait for the connection; 5 s without it. */
  connectTimeoutMs?: number
  /** Limit of each statement on the server. Without it the session has no limit but those of `sessionSetup`. */
  statementTimeoutMs?: number
  /** Limit of the wait for an answer, where the limit of the statement is in `sessionSetup`. A query may set its own. */
  answerTimeoutMs?: number
  /**
   * Refuses a login that is a superuser, before anything else runs: what the owner of the schema wrote (triggers, functions) would run
   * with its rights.
   */
  refuseSuperuser?: boolean
  /** Limit of the wait for a lock; without it the limit of the statement. */
  lockTimeoutMs?: number
  /** Settings of the session that no RESET takes back, such as `event_triggers=off`. */
  settings?: string[]
  /** Statements that are run first. */
  sessionSetup?: string
}

/** Connects, or throws CliError (exit 3) that says where to and why not. */
export async function connect(url: URL, options: ConnectionOptions): Promise<pg.Client> {
  // Loaded only now, so that a wrong command line is reported without it.
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: url.href,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    ...limits(options),
  })
  // A lost connection is reported by the statement that fails; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    if (options.refuseSuperuser) await requireOrdinaryLogin(client, url)
    // Also without a set-up: a server that has accepted the login may still answer nothing.
    await client.query(answeredWithin(CONNECT_TIMEOUT_MS, options.sessionSetup ?? 'select 1'))
    return client
  } catch (cause) {
    client.end().catch(() => {})
    throw cause instanceof CliError ? cause : connectionError(url, cause)
  }
}

/** A query that fails when this end has waited for its answer for so long. */
export function answeredWithin(milliseconds: number, text: string): pg.QueryConfig {
  return { text, query_timeout: milliseconds } as pg.QueryConfig
}

async function requireOrdinaryLogin(client: pg.Client, url: URL): Promise<void> {
  const isSuperuser = 'select from pg_catalog.pg_roles where rolname = session_user and rolsuper'
  const { rowCount } = await client.query(answeredWithin(CONNECT_TIMEOUT_MS, isSuperuser))
  if (rowCount === 0) return
  throw new CliError({
    what: `HMA_DATABASE_URL logs in as ${url.username}, a superuser: whatever the owner of the schema wrote would run with its rights.`,
    next: 'log in as hma_migrator, or for figures as hma_monitor; scripts/migrate.sh apply takes the password of the superuser as HMA_SUPERUSER_PASSWORD.',
    exitCode: EXIT.refused,
    facts: { login: url.username },
  })
}

function limits({ settings = [], ...options }: ConnectionOptions) {
  const { statementTimeoutMs, lockTimeoutMs = statementTimeoutMs, answerTimeoutMs } = options
  const waitMs = statementTimeoutMs === undefined ? answerTimeoutMs : statementTimeoutMs + GRACE_MS
  const timeouts = [
    `statement_timeout=${statementTimeoutMs}`,
    `lock_timeout=${lockTimeoutMs}`,
    'idle_in_transaction_session_timeout=60000',
  ]
  const all = statementTimeoutMs === undefined ? settings : [...timeouts, ...settings]
  return {
    ...(waitMs === undefined ? {} : { query_timeout: waitMs }),
    ...(all.length === 0 ? {} : { options: all.map((setting) => `-c ${setting}`).join(' ') }),
  }
}

/** Closes the connection, also to a server that no longer answers. */
export async function endConnection(client: pg.Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection
  const timer = setTimeout(() => stream.destroy(), END_TIMEOUT_MS)
  await client.end().catch(() => {})
  clearTimeout(timer)
}

/** On SIGINT and SIGTERM ends the program with exit code 130 or 143; closing the connection rolls back what is open. Returns the function that removes the handlers. */
export function stopOnSignal(client: pg.Client): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(signal === 'SIGINT' ? 130 : 143)
    setTimeout(exit, END_TIMEOUT_MS)
    client.end().then(exit, exit)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
}
