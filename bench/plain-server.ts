// The least a server can do with node:http: one page of the registry for every request. bench/ml.ts compares with it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from '../ml-stub/database.ts'
import { openRegistry } from '../ml-stub/registry.ts'
import { readSettings, type Settings } from '../ml-stub/settings.ts'

const registry = openRegistry(openDatabase(readSettings(process.env) as Settings, 'plain-server', 4))

const server = createServer(async (_, reply) => {
  const body = JSON.stringify(await registry.page({ limit: 50 }))
  reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  reply.end(body)
})
server.listen(0, '127.0.0.1', () => console.log(`{"port":${(server.address() as AddressInfo).port}}`))
