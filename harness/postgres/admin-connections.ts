// The broker's connections to the server, and the explanation of errors that come from a lost or full server.
import type pg from 'pg'
import { once } from '../../config/once.ts'
import type { PostgresServer } from '../containers/postgres.ts'
import { inSequence, openClient } from '../containers/postgres-client.ts'
import { explainFullMemory } from './pool-size.ts'

const CONNECT_WITHIN_MS = 10_000
/** A clone takes milliseconds; a worker waits a little longer than this for an answer. */
const QUERY_WITHIN_MS = 50_000
const END_WITHIN_MS = 2000

/** Called once when the server is lost during the run, with what it still does if it runs. What it resolves to is thrown from then on. */
export type OnServerLost = (server: PostgresServer, symptom: string) => Promise<Error>

export interface AdminConnections {
  server: () => Promise<PostgresServer>
  /** The connection for short statements. */
  shared: () => Promise<pg.Client>
  /** One more, for work that would delay the others. */
  connect: () => Promise<pg.Client>
  /** Rejects with the reason where the work fails because the server is lost or its memory is full. */
  explainErrors: <T>(work: () => Promise<T>) => Promise<T>
  close(): Promise<void>
}

/** Connects on the first demand. */
export function openAdminConnections(
  server: () => Promise<PostgresServer>,
  onServerLost: OnServerLost,
): AdminConnections {
  const clients: pg.Client[] = []
  let isClosed = false
  let lost: Promise<Error> | undefined
  const explainLost = async (symptom = 'dropped its connections') => {
    if (isClosed) return new Error('the run is over')
    lost ??= onServerLost(await server(), symptom)
    return lost
  }
  const connect = async () => {
    const client = await connectAdmin(await server())
    client.on('end', () => void explainLost())
    clients.push(client)
    return client
  }
  const shared = once(connect)
  /** Where the memory is full even for WAL, the server stops and closes all connections. */
  const explainFull = async (error: unknown) => {
    const { dataBytes } = await server()
    return explainFullMemory(await shared(), dataBytes, error).catch(() => explainLost())
  }
  return {
    server,
    shared,
    connect,
    async explainErrors(work) {
      if (lost) throw await lost
      try {
        return await work()
      } catch (error) {
        if (isLost(error)) throw await explainLost()
        if (isBroken(error)) throw await explainLost(`is broken: ${(error as Error).message}`)
        throw isFull(error) ? await explainFull(error) : error
      }
    },
    async close() {
      isClosed = true
      await Promise.all(clients.map(endWithin))
    },
  }
}

function isFull(error: unknown): boolean {
  return (error as { code?: string }).code === '53100'
}

/** Errors of a connection have no SQLSTATE; those of a server that shuts down begin with 57P. */
function isLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return /^(?:57P0\d|ECONN\w+|EPIPE)$/.test(code) || /^Connection terminated|not queryable/.test(message)
}

/** A system error (58) or an internal error (XX) of the server, such as a failed checkpoint. */
function isBroken(error: unknown): boolean {
  return /^(?:58|XX)...$/.test((error as { code?: string }).code ?? '')
}

async function connectAdmin({ host, port, user, password }: PostgresServer): Promise<pg.Client> {
  const client = await openClient({
    ...{ host, port, user, password, database: 'postgres' },
    application_name: 'hma broker',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: QUERY_WITHIN_MS,
  })
  return inSequence(client)
}

/** A server without memory for its WAL can leave a connection open that it no longer serves. */
async function endWithin(client: pg.Client): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())
  await Promise.race([client.end().catch(() => {}), late])
}
