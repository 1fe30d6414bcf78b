// Hands out leases to workers over a socket, and takes them back when a worker is done or gone.
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { CliError, lineOf } from '../../config/cli-error.ts'
import { type Handlers, type Held, handlersOf, type LeaseRules } from './handlers.ts'
import type { Journal } from './journal.ts'
import { type Call, onLines, type Reply, type SentError } from './protocol.ts'
import type { Stack } from './stack.ts'

export interface Broker extends AsyncDisposable {
  /** Path of the socket workers connect to. */
  path: string
}

export interface BrokerPlan extends LeaseRules {
  /** Where the socket goes; nobody else may enter it. */
  folder: string
  stack: Stack
  journal: Journal
  onFirstRequest?: () => void
  /** Called with what a worker is refused for. */
  onTrouble?: (trouble: CliError) => void
}

/** Listens on a socket. Costs about a millisecond; boots nothing. */
export async function openBroker(plan: BrokerPlan): Promise<Broker> {
  const { folder, stack, journal, onFirstRequest, onTrouble = () => {}, ...rules } = plan
  const path = join(folder, 'broker')
  const handlers = handlersOf(stack, journal, rules)
  let asked = false
  const server = createServer((socket) => {
    if (!asked) onFirstRequest?.()
    asked = true
    serve(socket, handlers, onTrouble)
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

function serve(socket: Socket, handlers: Handlers, onTrouble: (trouble: CliError) => void): void {
  const held: Held = new Map()
  const answer = async ({ call, request, body }: Call) => {
    const reply = await (handlers[request] as (body: unknown, held: Held) => Promise<unknown>)(
      body,
      held,
    ).then(
      (result): Reply => ({ call, result: result ?? null }),
      (error): Reply => {
        if (error instanceof CliError) onTrouble(error)
        return { call, trouble: sendable(error, request) }
      },
    )
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
    else giveBackAll(held)
  }
  socket.setEncoding('utf8').unref()
  socket.on(
    'data',
    onLines((message) => void answer(message as Call)),
  )
  socket.on('error', () => {})
  socket.on('close', () => giveBackAll(held))
}

/** A worker that died gives back what it held, and what it was about to get. */
function giveBackAll(held: Held): void {
  for (const [id, { giveBack }] of held) {
    held.delete(id)
    giveBack(false).catch(() => {})
  }
}

function sendable(error: unknown, request: string): SentError {
  if (error instanceof CliError) return { what: error.what, where: error.where, next: error.next }
  return {
    what: lineOf(error),
    where: `broker, ${request}`,
    next: 'scripts/engine.sh --check, then run again.',
  }
}
