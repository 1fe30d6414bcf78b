// The command line of the runner; scripts/migrate.sh --help is its manual.
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { stopOnSignal } from '../../config/postgres.ts'
import { isSqlError } from '../../config/postgres-error.ts'
import { readEnvironment } from './environment.ts'
import { createPair } from './new.ts'
import { type Options, readOptions } from './options.ts'
import { openReport, type Report } from './report.ts'

const words = process.argv.slice(2)
const report = openReport(words.includes('--json'))

process.exitCode = await main().catch((error: unknown) => {
  const refusal = error instanceof CliError ? error : unforeseen(error)
  report.refusal(refusal)
  return refusal.exitCode
})

async function main(): Promise<number> {
  const folder = join(import.meta.dirname, '..')
  const options = readOptions(words, process.env.HMA_RLS === 'on', folder)
  return options.command === 'new' ? createPair(options, report) : withConnection(options, report)
}

async function withConnection(options: Options, report: Report): Promise<number> {
  const environment = readEnvironment(process.env)
  // Loaded when all that can be said without a server is said.
  const [{ connect }, commands] = await Promise.all([import('./connection.ts'), import('./commands.ts')])
  const client = await connect(environment.url)
  const stop = stopOnSignal(client)
  try {
    return await commands[options.command as Exclude<Options['command'], 'new'>]({
      client,
      environment,
      options,
      report,
    })
  } finally {
    stop()
    await client.end().catch(() => {})
  }
}

function unforeseen(cause: unknown): CliError {
  const { code, message } = cause as { code?: string; message: string }
  const state = code ? ` (${code})` : ''
  const exitCode = isSqlError(cause) ? EXIT.failed : EXIT.unreachable
  const next = 'read that message; nothing half-done stays.'
  return new CliError({
    what: `${message}${state}.`,
    next,
    exitCode,
    cause,
    facts: { ...(code ? { sqlstate: code } : {}) },
  })
}
