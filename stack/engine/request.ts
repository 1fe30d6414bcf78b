// One question to the engine's API. Small on purpose: a run without an engine ends before any library is loaded.
import { existsSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request as requestPlainly } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { join } from 'node:path'
import type { Endpoint } from './endpoint.ts'

/** Body of a GET, as text. Rejects when the engine refuses, answers no 200, or gives no answer in time. */
export async function get(endpoint: Endpoint, path: string, withinMs: number): Promise<string> {
  const answer = Promise.withResolvers<string>()
  const signal = AbortSignal.timeout(withinMs)
  const options = { ...endpoint.address, path, signal, agent: false as const }
  const receive = (reply: IncomingMessage) => {
    let body = ''
    reply.setEncoding('utf8')
    reply.on('data', (chunk: string) => {
      body += chunk
    })
    reply.on('end', () => {
      if (reply.statusCode === 200) answer.resolve(body)
      else answer.reject(new Error(`answered ${reply.statusCode} to ${path}`))
    })
    reply.on('error', answer.reject)
  }
  const request =
    endpoint.certificates === undefined
      ? requestPlainly(options, receive)
      : requestOverTls({ ...options, ...readCertificates(endpoint.certificates) }, receive)
  request.on('error', (error) => {
    answer.reject(signal.aborted ? new Error(`gave no answer within ${withinMs / 1000} s`) : error)
  })
  request.end()
  return answer.promise
}

function readCertificates(folder: string): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const files = ['ca', 'cert', 'key'].map((name) => [name, join(folder, `${name}.pem`)] as const)
  return Object.fromEntries(
    files.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, readFileSync(file)]),
  )
}
