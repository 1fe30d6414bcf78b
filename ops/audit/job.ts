// The audit job for a scheduler; scripts/audit.sh --help is its manual.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readDatabaseUrl } from '../../config/database-url.ts'
import { connect, stopOnSignal } from '../../config/postgres.ts'
import { COMMANDS } from './commands.ts'
import { refusalOf } from './errors.ts'
import { type Options, readOptions } from './options.ts'

const MINUTE_MS = 60_000
/** Verification and removal read the whole log. */
const WITHIN_MS: Record<Options['command'], number> = {
  prepare: MINUTE_MS,
  seal: 15 * MINUTE_MS,
  verify: 120 * MINUTE_MS,
  'remove-expired': 120 * MINUTE_MS,
  head: MINUTE_MS,
}

const words = process.argv.slice(2)
const json = words.includes('--json')

process.exitCode = await main().catch((error: unknown) => {
  const refusal = error instanceof CliError ? error : unforeseen(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: refusal })}\n`)
  else process.stderr.write(`${refusal.linesFor('audit')}\n`)
  return refusal.exitCode
})

async function main(): Promise<number> {
  const options = readOptions(words)
  const url = readDatabaseUrl(process.env)
  const client = await connect(url, { program: 'hma audit', statementWithinMs: WITHIN_MS[options.command] })
  const stop = stopOnSignal(client)
  try {
    return await run(client, options)
  } catch (error) {
    throw await refusalOf(client, options.command, error)
  } finally {
    stop()
    await client.end().catch(() => {})
  }
}

/** As the owner of the log, and each command in a transaction of its own that sees what others commit. */
async function run(client: pg.Client, options: Options): Promise<number> {
  await client.query(`set role hma_owner; set default_transaction_isolation = 'read committed';
    set search_path = ''; set timezone = 'UTC'; set datestyle = 'ISO'`)
  const { exitCode, result, lines } = await COMMANDS[options.command](client, options)
  const text = options.json ? `${JSON.stringify(result)}\n` : lines.map((line) => `${line}\n`).join('')
  process.stdout.write(text)
  return exitCode
}

function unforeseen(cause: unknown): CliError {
  return new CliError({
    what: (cause as Error).message,
    next: 'read that message; nothing half-done stays.',
    exitCode: EXIT.failed,
    cause,
  })
}
