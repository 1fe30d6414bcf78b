// GET /health and GET /metrics of a service of ours, inside of the stack's network.
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { lineOf } from '../config/cli-error.ts'

export interface Answers {
  /** One line each; none when all is well. */
  problems(): string[]
  /** In Prometheus' text format. */
  metrics(): string
}

/** Listens at the port; at one that is free where it is 0. Whatever happens in a request ends that request alone, with status 500. */
export async function serve(port: number, answers: Answers): Promise<{ port: number; server: Server }> {
  const server = createServer(({ url }, response) => {
    try {
      respond(url, answers, response)
    } catch (error) {
      send(response, 500, `${lineOf(error)}\n`)
    }
  })
  server.listen(port)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}

function respond(url: string | undefined, { problems, metrics }: Answers, response: ServerResponse): void {
  if (url === '/health') {
    const lines = problems().map((line) => `${line}\n`)
    send(response, lines.length === 0 ? 200 : 503, lines.join('') || 'healthy\n')
  } else if (url === '/metrics') send(response, 200, metrics())
  else send(response, 404, 'GET /health or /metrics\n')
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
}
