// Starts the service. On SIGTERM or SIGINT it answers the requests in progress and exits.
// Exit codes: 0 ended by a signal · 1 requests in progress did not end in time · 2 invalid settings · 3 port not available.
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type Database, openDatabase } from './database.ts'
import { openHealthCheck } from './health.ts'
import { openRegistry } from './registry.ts'
import { createServer } from './server.ts'
import { InvalidSettings, readSettings, type Settings } from './settings.ts'

const CONNECTIONS = 4
const SHUTDOWN_TIMEOUT_MS = 5000
const CLOSE_TIMEOUT_MS = 500

await main()

async function main(): Promise<void> {
  const settings = settingsOrExit()
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  // Health has its own connection, so that a busy service does not count as degraded.
  const registry = openDatabase(settings, 'ml-stub', CONNECTIONS)
  const health = openDatabase(settings, 'ml-stub health', 1)
  const app = await createServer({
    version,
    registry: openRegistry(registry),
    checkHealth: openHealthCheck(health),
  })
  shutDownOnSignal(app, [registry, health])
  await listen(app, settings)
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error
    for (const line of error.lines) process.stderr.write(`ml-stub: ${line}\n`)
    process.exit(2)
  }
}

async function listen(app: FastifyInstance, { host, port }: Settings): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    process.stderr.write(
      `ml-stub: cannot listen on ${host}:${port} (${code}). Next: set HMA_ML_HOST or HMA_ML_PORT.\n`,
    )
    process.exit(3)
  }
  app.log.level = 'info'
  app.log.info({ host, port: (app.server.address() as AddressInfo).port }, 'listening')
}

function shutDownOnSignal(app: FastifyInstance, databases: Database[]): void {
  const shutDown = async (signal: string) => {
    app.log.info({ signal }, 'shutting down')
    setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref()
    await app.close()
    // A paused database never confirms that a connection is closed.
    setTimeout(() => process.exit(0), CLOSE_TIMEOUT_MS).unref()
    await Promise.allSettled(databases.map((database) => database.close()))
    process.exit(0)
  }
  process.once('SIGTERM', shutDown).once('SIGINT', shutDown)
}
