// The one way in which the harness connects to Postgres.
import pg from 'pg'

/** Of the server that all tests share; more than 40 for each of seven workers. */
export const MAX_CONNECTIONS = 300

/** A developer's PGOPTIONS or PGSSLMODE must not decide how the harness connects. Child processes inherit this. */
export function ignorePostgresVariables(variables = process.env): void {
  for (const name of Object.keys(variables)) if (/^PG[A-Z]/.test(name)) delete variables[name]
}

/** Connects. The caller ends the client. */
export async function openClient(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config)
  // An error event without a listener would end this process; a lost connection shows at the next query.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}

/** The same for specs: no wait is longer than these, unless the caller gives others; 0 is none. */
export function openBoundedClient(config: pg.ClientConfig): Promise<pg.Client> {
  return openClient({ connectionTimeoutMillis: 10_000, query_timeout: 30_000, ...config })
}

/** Makes its queries wait for each other: pg deprecates one that is made while another runs. */
export function inSequence(client: pg.Client): pg.Client {
  const query = client.query.bind(client) as (...query: unknown[]) => Promise<unknown>
  let last: Promise<unknown> = Promise.resolve()
  const queryInTurn = (...parts: unknown[]) => {
    const result = last.then(() => query(...parts))
    last = result.catch(() => {})
    return result
  }
  return Object.assign(client, { query: queryInTurn as typeof client.query })
}

/** The rows of one statement, on a connection that exists for it alone and does not wait long. */
export async function queryOnce<Row extends pg.QueryResultRow>(
  config: pg.ClientConfig,
  statement: string,
): Promise<Row[]> {
  const client = await openClient({ connectionTimeoutMillis: 2000, query_timeout: 5000, ...config })
  try {
    return (await client.query<Row>(statement)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
