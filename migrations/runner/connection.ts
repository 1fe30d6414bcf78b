// The runner's one connection: bounded in every wait, and in one line when the server is not there.
import pg from 'pg'
import { EXIT, Refusal } from './refusal.ts'

const CONNECT_WITHIN_MS = 5000

/** Connects to the database of this URL, or to another one on the same server. Throws Refusal (exit 3). */
export async function connect(url: URL, database?: string): Promise<pg.Client> {
  const target = new URL(url)
  if (database !== undefined) target.pathname = `/${database}`
  const client = new pg.Client({
    connectionString: target.href,
    application_name: 'hma migrate',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw unreachable(target, error)
  }
}

function unreachable(url: URL, error: unknown): Refusal {
  const { code, message } = error as { code?: string; message: string }
  const where = `${url.username}@${url.hostname}:${url.port || 5432}${url.pathname}`
  const why = code ?? message
  return new Refusal(
    EXIT.unreachable,
    `No connection to ${where} (${why}).`,
    'is the server up, and is HMA_DATABASE_URL right?',
    error,
  )
}
