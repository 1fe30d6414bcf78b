// One GET to the engine's API, with Node's own modules: the doctor runs before `npm ci`, and a run without an engine ends before
// any library is loaded.
import { type IncomingMessage, request as requestPlainly } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { join } from 'node:path'
import { readPlainFile } from '../../config/text-file.ts'
import type { Endpoint } from './endpoint.ts'

export interface Reply {
  status: number
  body: string
}

/** Rejects when the engine cannot be reached or does not reply in time. Throws CliError (2) where its certificates cannot be read. */
export function get(endpoint: Endpoint, path: string, withinMs: number): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const signal = AbortSignal.timeout(withinMs)
  const options = { ...endpoint.address, path, signal, agent: false as const }
  const receive = (reply: IncomingMessage) => {
    let body = ''
    reply.setEncoding('utf8')
    reply.on('data', (chunk: string) => {
      body += chunk
    })
    reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }))
    reply.on('error', reject)
  }
  const request =
    endpoint.certificates === undefined
      ? requestPlainly(options, receive)
      : requestOverTls({ ...options, ...readCertificates(endpoint.certificates) }, receive)
  request.on('error', (error) => {
    reject(signal.aborted ? new Error(`no reply within ${withinMs / 1000} s`) : error)
  })
  request.end()
  return promise
}

function readCertificates(folder: string): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const files = ['ca', 'cert', 'key'].map((name) => [name, join(folder, `${name}.pem`)] as const)
  return Object.fromEntries(
    files.flatMap(([name, file]) => {
      const bytes = readPlainFile(
        file,
        'let DOCKER_CERT_PATH name a folder with ca.pem, cert.pem and key.pem.',
      )
      return bytes === undefined ? [] : [[name, bytes]]
    }),
  )
}
