// Takes TLS and hands the bytes to MinIO, which speaks HTTP inside of the stack: pgBackRest speaks to a store over TLS alone.
//     node ops/archive/tls-proxy.ts [--check]
// --check asks the store through the one that runs in this container, as pgBackRest does: exit code 0 when it answers, else 1.
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect } from 'node:net'
import { pipeline } from 'node:stream'
import { createServer, type TLSSocket } from 'node:tls'

const SECRETS = '/run/secrets'
const NAME = 'archive-store'
const PORT = 8443
const CHECK_WITHIN_MS = 3000

if (process.argv.includes('--check')) check()
else serve()

function serve(): void {
  const cert = readFileSync(`${SECRETS}/archive-store-certificate`)
  const key = readFileSync(`${SECRETS}/archive-store-key`)
  const server = createServer({ cert, key, minVersion: 'TLSv1.2' }, handOn)
  // A client that breaks off the handshake is no error of the server.
  server.on('tlsClientError', () => {})
  server.listen(PORT)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
}

function handOn(client: TLSSocket): void {
  const store = connect(9000, 'minio')
  pipeline(client, store, () => {})
  pipeline(store, client, () => {})
}

function check(): void {
  const ca = readFileSync(`${SECRETS}/archive-ca`)
  const path = '/minio/health/live'
  const request = get(
    { host: '127.0.0.1', port: PORT, servername: NAME, ca, path, timeout: CHECK_WITHIN_MS },
    (response) => process.exit(response.statusCode === 200 ? 0 : 1),
  )
  request.on('timeout', () => process.exit(1))
  request.on('error', ({ message }) => {
    process.stderr.write(`tls-proxy: ${message}\n`)
    process.exit(1)
  })
}
