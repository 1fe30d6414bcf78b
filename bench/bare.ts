// The least a server can do with node:http: send BODY, or else one page of the registry. What bench/ml.ts compares with.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from '../ml-stub/database.ts'
import { openRegistry } from '../ml-stub/registry.ts'
import { readSettings } from '../ml-stub/settings.ts'

const { BODY } = process.env
const answer = BODY === undefined ? readPage() : async () => BODY

function readPage(): () => Promise<string> {
  const registry = openRegistry(openDatabase(readSettings(process.env), 'bare', 4))
  return async () => JSON.stringify(await registry.page({ limit: 50 }))
}

const server = createServer(async (_, reply) => {
  const body = await answer()
  reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  reply.end(body)
})
server.listen(0, '127.0.0.1', () => console.log(`{"port":${(server.address() as AddressInfo).port}}`))
