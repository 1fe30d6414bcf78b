// The command line of the runner; scripts/migrate.sh --help is its manual.
import { join } from 'node:path'
import { apply, down, status, verify } from './commands.ts'
import { connect } from './connection.ts'
import { readEnvironment } from './environment.ts'
import { createPair } from './new.ts'
import { type Options, readOptions } from './options.ts'
import { EXIT, Refusal } from './refusal.ts'
import { openReport } from './report.ts'

const COMMANDS = { apply, down, status, verify }

process.exitCode = await main(process.argv.slice(2)).catch(refuse)

async function main(words: string[]): Promise<number> {
  const folder = join(import.meta.dirname, '..')
  const options = readOptions(words, process.env.HMA_RLS === 'on', folder)
  const report = openReport(options.json)
  if (options.command === 'new') return createPair(options, report)
  return withConnection(options, report)
}

async function withConnection(options: Options, report: ReturnType<typeof openReport>): Promise<number> {
  const environment = readEnvironment(process.env)
  const client = await connect(environment.url)
  const stop = stopOnSignal(() => client.end().catch(() => {}))
  try {
    return await COMMANDS[options.command as keyof typeof COMMANDS]({ client, environment, options, report })
  } finally {
    stop()
    await client.end().catch(() => {})
  }
}

/** Closing the connection rolls back what is open and frees the lock. */
function stopOnSignal(close: () => Promise<void>): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    void close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
    setTimeout(() => process.exit(143), 2000).unref()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
}

function refuse(error: unknown): number {
  if (error instanceof Refusal) {
    process.stderr.write(`${error.line}\n`)
    return error.exitCode
  }
  const { code, message } = error as { code?: string; message: string }
  const state = code ? ` (${code})` : ''
  process.stderr.write(`migrate: ${message}${state}. Next: read that message; nothing half-done stays.\n`)
  return code && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P') ? EXIT.failed : EXIT.unreachable
}
