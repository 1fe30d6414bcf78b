// The audit job for a scheduler; scripts/audit.sh --help is its manual.
import type pg from 'pg'
import { announce, locateDatabase } from '../../config/locate.ts'
import { connect, stopOnSignal } from '../../config/postgres.ts'
import { runProgram } from '../../config/program.ts'
import { commandError } from './command-error.ts'
import { type Result, runCommand } from './commands.ts'
import { type Options, readOptions } from './options.ts'

const MINUTE_MS = 60_000
/** Verification and removal read the whole log. */
const TIMEOUTS_MS: Record<Options['command'], number> = {
  prepare: MINUTE_MS,
  seal: 15 * MINUTE_MS,
  verify: 120 * MINUTE_MS,
  'remove-expired': 120 * MINUTE_MS,
  head: MINUTE_MS,
}

/** As the owner of the log, and each command in a transaction of its own that sees what others commit. */
const SESSION = `set role hma_owner; set default_transaction_isolation = 'read committed';
  set search_path = ''; set timezone = 'UTC'; set datestyle = 'ISO'`

await runProgram('audit', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const options = readOptions(words)
  const statementTimeoutMs = TIMEOUTS_MS[options.command]
  const url = announce(await locateDatabase(process.env, 'hma_migrator'), options.json)
  const client = await connect(url, {
    applicationName: 'hma audit',
    refuseSuperuser: true,
    statementTimeoutMs,
  })
  const ignoreSignals = stopOnSignal(client)
  try {
    return print(await run(client, options), options.json)
  } finally {
    ignoreSignals()
    await client.end().catch(() => {})
  }
}

async function run(client: pg.Client, options: Options): Promise<Result> {
  try {
    await client.query(SESSION)
    return await runCommand(client, options)
  } catch (error) {
    throw await commandError(client, options.command, error)
  }
}

function print({ exitCode, result, lines }: Result, json: boolean): number {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : lines.map((line) => `${line}\n`).join(''))
  return exitCode
}
