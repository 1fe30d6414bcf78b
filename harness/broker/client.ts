// The worker's side of the broker's socket: one socket per worker, many requests at once.
import { connect, type Socket } from 'node:net'
import { CliError } from '../../config/cli-error.ts'
import { onLines, type ReplyMessage, type RequestName, type Requests } from './protocol.ts'

export interface BrokerClient {
  request<R extends RequestName>(request: R, body: Requests[R]['body']): Promise<Requests[R]['result']>
}

/** Longer than a service may take to boot, shorter than a test may take. */
const ANSWER_WITHIN_MS = 55_000

type Pending = Map<number, PromiseWithResolvers<unknown>>

/** Connects to the broker of this run. A request rejects with CliError when the broker refuses it, has gone, or takes 55 s. */
export function connectToBroker(path: string): BrokerClient {
  const pending: Pending = new Map()
  const socket = connect(path)
  socket.setEncoding('utf8').unref()
  socket.on(
    'data',
    onLines((message) => settle(pending, message as ReplyMessage)),
  )
  let isGone = false
  const onGone = () => {
    isGone = true
    for (const { reject } of pending.values()) reject(brokerGone())
  }
  socket.on('close', onGone).on('error', onGone)
  let requests = 0
  return {
    async request(request, body) {
      if (isGone) throw brokerGone()
      const id = ++requests
      return (await send(socket, pending, id, JSON.stringify({ id, request, body }))) as never
    },
  }
}

/** The socket keeps the worker alive only while it waits for an answer. */
async function send(socket: Socket, pending: Pending, id: number, line: string): Promise<unknown> {
  const answer = Promise.withResolvers<unknown>()
  pending.set(id, answer)
  socket.ref().write(`${line}\n`)
  const timer = setTimeout(() => answer.reject(noAnswer(line)), ANSWER_WITHIN_MS)
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    pending.delete(id)
    if (pending.size === 0) socket.unref()
  }
}

function settle(pending: Pending, reply: ReplyMessage): void {
  const answer = pending.get(reply.id)
  if ('error' in reply) answer?.reject(new CliError(reply.error))
  else answer?.resolve(reply.result)
}

function brokerGone(): CliError {
  return new CliError({
    what: 'The broker of this run is gone.',
    where: 'the main Vitest process',
    next: 'run again.',
  })
}

function noAnswer(line: string): CliError {
  return new CliError({
    what: `The broker gave no answer within ${ANSWER_WITHIN_MS / 1000} s.`,
    where: line,
    next: 'scripts/engine.sh --check tells whether the engine still answers.',
  })
}
