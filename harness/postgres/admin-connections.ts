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
  const loss = watchLoss(server, onServerLost)
  const connect = async () => {
    const client = await connectAdmin(await server())
    client.on('end', () => void loss.explain())
    clients.push(client)
    return client
  }
  const shared = once(connect)
  return {
    server,
    shared,
    connect,
    async explainErrors(work) {
      const lost = loss.known()
      if (lost) throw await lost
      return work().catch(async (error: unknown) => {
        throw isFull(error) ? await explainFull(error, await server(), shared, loss) : await loss.of(error)
      })
    },
    async close() {
      loss.ignore()
      await Promise.all(clients.map(endWithin))
    },
  }
}

type Loss = ReturnType<typeof watchLoss>

/** The explanation of a lost server is asked for once, and kept. */
function watchLoss(server: () => Promise<PostgresServer>, onServerLost: OnServerLost) {
  let isOver = false
  let lost: Promise<Error> | undefined
  const explain = async (symptom = 'dropped its connections') => {
    if (isOver) return new Error('the run is over')
    lost ??= onServerLost(await server(), symptom)
    return lost
  }
  return {
    known: () => lost,
    explain,
    /** The error itself where it says nothing about the server. */
    async of(error: unknown): Promise<unknown> {
      if (isLost(error)) return explain()
      return isBroken(error) ? explain(`is broken: ${(error as Error).message}`) : error
    },
    ignore() {
      isOver = true
    },
  }
}

/** Where the memory is full even for WAL, the server stops and closes all connections. */
async function explainFull(
  error: unknown,
  { dataBytes }: PostgresServer,
  shared: () => Promise<pg.Client>,
  loss: Loss,
): Promise<Error> {
  return explainFullMemory(await shared(), dataBytes, error).catch(() => loss.explain())
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
