// Grants leases to workers over a socket, and releases them when a worker is done or gone.
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { createHandlers, type Handlers, type LeaseRules, type Leases } from './handlers.ts'
import { type ErrorMessage, onLines, type ReplyMessage, type RequestMessage } from './protocol.ts'
import type { Stack } from './stack.ts'
import type { StackReport } from './stack-report.ts'

export interface Broker extends AsyncDisposable {
  /** Path of the socket that workers connect to. */
  path: string
}

export interface BrokerOptions extends LeaseRules {
  /** The socket's folder, which no other user may open. */
  folder: string
  stack: Stack
  report: StackReport
  onFirstConnection?: () => void
  /** Called with each error that a worker gets. */
  onError?: (error: CliError) => void
}

/** Listens on a socket. Takes about a millisecond and starts no container. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { folder, stack, report, onFirstConnection, onError = () => {}, ...rules } = options
  const path = join(folder, 'broker')
  const handlers = createHandlers(stack, report, rules)
  let isFirst = true
  const server = createServer((socket) => {
    if (isFirst) onFirstConnection?.()
    isFirst = false
    serveWorker(socket, handlers, onError)
  })
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(path, listening))
  server.unref()
  return {
    path,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

type Handler = (body: unknown, leases: Leases) => Promise<unknown>

function serveWorker(socket: Socket, handlers: Handlers, onError: (error: CliError) => void): void {
  const leases: Leases = new Map()
  const answer = async ({ id, request, body }: RequestMessage) => {
    const reply = await (handlers[request] as Handler)(body, leases).then(
      (result): ReplyMessage => ({ id, result: result ?? null }),
      (error): ReplyMessage => {
        if (error instanceof CliError) onError(error)
        return { id, error: messageOf(error, request) }
      },
    )
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
    else releaseAll(leases)
  }
  socket.setEncoding('utf8').unref()
  socket.on(
    'data',
    onLines((message) => void answer(message as RequestMessage)),
  )
  socket.on('error', () => {})
  socket.on('close', () => releaseAll(leases))
}

/** Also a lease that is granted after its worker has died. */
function releaseAll(leases: Leases): void {
  for (const [id, { release }] of leases) {
    leases.delete(id)
    release(false).catch(() => {})
  }
}

function messageOf(error: unknown, request: string): ErrorMessage {
  if (error instanceof CliError) return { what: error.what, where: error.where, next: error.next }
  return {
    what: lineOf(error),
    where: `broker, ${request}`,
    next: 'scripts/engine.sh --check, then run again.',
  }
}
