// The broker's own connections to the server, and the one place that knows when the server is gone.
import pg from 'pg'
import { once } from '../../config/once.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { explainNoRoom } from './pool-size.ts'

const CONNECT_WITHIN_MS = 10_000
/** A clone takes milliseconds; a worker waits a little longer than this for an answer. */
const QUERY_WITHIN_MS = 50_000
const END_WITHIN_MS = 2000

export interface Admin {
  server: () => Promise<PostgresServer>
  /** The connection for everything short. */
  shared: () => Promise<pg.Client>
  /** One more, for work that would hold up the others. */
  connect: () => Promise<pg.Client>
  /** Whatever fails in it because the server is gone or full fails with the reason why. */
  explained: <T>(work: () => Promise<T>) => Promise<T>
  close(): Promise<void>
}

/**
 * Connects on the first demand. `onLost` is called once, when a connection ends although nobody closed it; what it
 * resolves to is thrown from then on.
 */
export function openAdmin(
  server: () => Promise<PostgresServer>,
  onLost: (server: PostgresServer, signs: string) => Promise<Error>,
): Admin {
  const clients: pg.Client[] = []
  let closed = false
  let lost: Promise<Error> | undefined
  const lose = async (signs = 'dropped its connections') => {
    if (closed) return new Error('the run is over')
    lost ??= onLost(await server(), signs)
    return lost
  }
  const connect = async () => {
    const client = await connectAdmin(await server())
    client.on('end', () => void lose())
    clients.push(client)
    return client
  }
  const shared = once(connect)
  /** Where no room was left even for its log (WAL), the server goes down with all its connections. */
  const explainFull = async (error: unknown) => {
    const { dataBytes } = await server()
    return explainNoRoom(await shared(), dataBytes, error).catch(() => lose())
  }
  return {
    server,
    shared,
    connect,
    async explained(work) {
      if (lost) throw await lost
      try {
        return await work()
      } catch (error) {
        if (isLost(error)) throw await lose()
        if (isBroken(error)) throw await lose(`is broken: ${(error as Error).message}`)
        throw isFull(error) ? await explainFull(error) : error
      }
    },
    async close() {
      closed = true
      await Promise.all(clients.map(endWithin))
    },
  }
}

function isFull(error: unknown): boolean {
  return (error as { code?: string }).code === '53100'
}

/** Errors of a connection carry no SQLSTATE of their own; those of a server that shuts down begin with 57P. */
function isLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return /^(?:57P0\d|ECONN\w+|EPIPE)$/.test(code) || /^Connection terminated|not queryable/.test(message)
}

/** An error of the server's own system (58) or of its inside (XX), such as a checkpoint that failed. */
function isBroken(error: unknown): boolean {
  return /^(?:58|XX)...$/.test((error as { code?: string }).code ?? '')
}

async function connectAdmin({ host, port, user, password }: PostgresServer): Promise<pg.Client> {
  const database = 'postgres'
  const client = new pg.Client({
    ...{ host, port, user, password, database },
    application_name: 'hma broker',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: QUERY_WITHIN_MS,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** A server without room for its log can leave a connection open that nobody serves any more. */
async function endWithin(client: pg.Client): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())
  await Promise.race([client.end().catch(() => {}), late])
}
