// The worker's end of the broker: one socket per worker, many requests at once.
import { connect, type Socket } from 'node:net'
import { CliError } from '../../config/cli-error.ts'
import { onLines, type Reply, type RequestName, type Requests } from './protocol.ts'

export interface BrokerClient {
  ask<R extends RequestName>(request: R, body: Requests[R]['sends']): Promise<Requests[R]['gets']>
}

/** Longer than a service may take to boot, shorter than a test may take. */
const ANSWER_WITHIN_MS = 55_000

/** Connects to the broker of this run. Every request is answered, refused with Trouble, or given up after 55 s. */
export function connectToBroker(path: string): BrokerClient {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const socket = connect(path)
  socket.setEncoding('utf8').unref()
  socket.on(
    'data',
    onLines((message) => settle(waiting, message as Reply)),
  )
  let isGone = false
  const lose = () => {
    isGone = true
    failAll(waiting)
  }
  socket.on('close', lose).on('error', lose)
  let calls = 0
  return {
    async ask(request, body) {
      if (isGone) throw brokerGone()
      const call = ++calls
      return (await send(socket, waiting, call, JSON.stringify({ call, request, body }))) as never
    },
  }
}

async function send(
  socket: Socket,
  waiting: Map<number, PromiseWithResolvers<unknown>>,
  call: number,
  line: string,
) {
  const answer = Promise.withResolvers<unknown>()
  waiting.set(call, answer)
  socket.ref().write(`${line}\n`)
  const timer = setTimeout(() => answer.reject(unanswered(line)), ANSWER_WITHIN_MS)
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    waiting.delete(call)
    if (waiting.size === 0) socket.unref()
  }
}

function settle(waiting: Map<number, PromiseWithResolvers<unknown>>, reply: Reply): void {
  const answer = waiting.get(reply.call)
  if ('trouble' in reply) answer?.reject(new CliError(reply.trouble))
  else answer?.resolve(reply.result)
}

function failAll(waiting: Map<number, PromiseWithResolvers<unknown>>): void {
  for (const answer of waiting.values()) answer.reject(brokerGone())
}

function brokerGone(): CliError {
  return new CliError({
    what: 'The broker of this run is gone.',
    where: 'the main Vitest process',
    next: 'run again.',
  })
}

function unanswered(line: string): CliError {
  return new CliError({
    what: `The broker gave no answer within ${ANSWER_WITHIN_MS / 1000} s.`,
    where: line,
    next: 'scripts/engine.sh --check tells whether the engine still answers.',
  })
}
