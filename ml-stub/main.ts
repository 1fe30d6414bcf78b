// Starts the service. On SIGTERM or SIGINT it answers the requests in progress and exits.
// Exit codes: 0 ended by a signal · 1 the shutdown failed or took too long · 2 invalid settings · 3 port not available.
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database.ts'
import { openHealthCheck } from './health.ts'
import { openRegistry } from './registry.ts'
import { createServer } from './server.ts'
import { readSettings } from './settings.ts'

const CONNECTIONS = 4
const SHUTDOWN_TIMEOUT_MS = 5000
const CLOSE_TIMEOUT_MS = 500

const settings = readSettings(process.env)
if (Array.isArray(settings)) exit(2, ...settings)
const { host, port } = settings
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const database = openDatabase(settings, 'ml-stub', CONNECTIONS)
// Health has its own connection, so that a busy service does not count as degraded.
const health = openDatabase(settings, 'ml-stub health', 1)
const checkHealth = openHealthCheck(health)
const app = await createServer({ version, registry: openRegistry(database), checkHealth })
process.once('SIGTERM', onSignal).once('SIGINT', onSignal)
await app.listen({ host, port }).catch(({ code }) => {
  exit(3, `cannot listen on ${host}:${port} (${code}). Next: set HMA_ML_HOST or HMA_ML_PORT.`)
})
app.log.level = 'info'
app.log.info({ host, port: (app.server.address() as AddressInfo).port }, 'listening')

function exit(code: number, ...lines: string[]): never {
  for (const line of lines) process.stderr.write(`ml-stub: ${line}\n`)
  process.exit(code)
}

function onSignal(signal: string): void {
  app.log.info({ signal }, 'shutting down')
  shutDown().then(
    () => process.exit(0),
    (error: unknown) => {
      app.log.error(error, 'the shutdown failed')
      process.exit(1)
    },
  )
}

async function shutDown(): Promise<void> {
  setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref()
  await app.close()
  // A paused database never confirms that a connection is closed.
  setTimeout(() => process.exit(0), CLOSE_TIMEOUT_MS).unref()
  await Promise.allSettled([database.close(), health.close()])
}
