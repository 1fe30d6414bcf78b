// Starts the service, and ends it: what is under way is answered, then the process goes.
// Exit codes: 0 ended by SIGTERM or SIGINT · 1 what was under way did not end in time · 2 wrong settings · 3 no port.
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type Database, openDatabase } from './database.ts'
import { type Log, openLog } from './log.ts'
import { openProbe } from './probe.ts'
import { openRegistry } from './registry.ts'
import { createServer } from './server.ts'
import { readSettings, type Settings, UnusableSettings } from './settings.ts'

const CONNECTIONS = 4
const END_WITHIN_MS = 5000

await main()

async function main(): Promise<void> {
  const settings = settingsOrExit()
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  // Health has a connection of its own: a service that is busy is not ill.
  const registry = openDatabase(settings, 'ml-stub', CONNECTIONS)
  const health = openDatabase(settings, 'ml-stub health', 1)
  const log = openLog(process.stdout)
  const app = await createServer({ version, registry: openRegistry(registry), probe: openProbe(health) }, log)
  endOnSignal(app, log, [registry, health])
  await listen(app, settings)
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof UnusableSettings)) throw error
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

function endOnSignal(app: FastifyInstance, log: Log, databases: Database[]): void {
  const end = async (signal: string) => {
    app.log.info({ signal }, 'ending')
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref()
    await app.close()
    // A database that says nothing does not say goodbye either, and who does not read the log does not read its end.
    await Promise.race([
      Promise.allSettled([log.written(), ...databases.map((database) => database.close())]),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ])
    process.exit(0)
  }
  process.once('SIGTERM', end).once('SIGINT', end)
}
