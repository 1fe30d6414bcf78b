// The migration runner; scripts/migrate.sh --help is the manual.
import { CliError } from '../../config/cli-error.ts'
import { announce, locateDatabase } from '../../config/locate.ts'
import { stopOnSignal } from '../../config/postgres.ts'
import { statementError } from '../../config/postgres-error.ts'
import { runProgram } from '../../config/program.ts'
import { createPair } from './create.ts'
import { readEnvironment } from './environment.ts'
import { type OptionsFor, readOptions } from './options.ts'
import { type Output, openOutput } from './output.ts'

type DatabaseCommand = 'apply' | 'down' | 'status' | 'verify'

await runProgram(
  'migrate',
  async (words) => {
    const options = readOptions(words)
    const output = openOutput(options.json)
    return options.command === 'new' ? createPair(options, output) : runCommand(options, output)
  },
  { jsonErrors: true },
)

async function runCommand(options: OptionsFor<DatabaseCommand>, output: Output): Promise<number> {
  const database = await locateDatabase(process.env, 'hma_migrator')
  const { rls, environment: kind } = database.settings ?? {}
  const url = announce(database, options.json)
  const environment = readEnvironment({ HMA_RLS: rls, HMA_ENVIRONMENT: kind, ...process.env }, url)
  // Loaded only now, so that a wrong command line or variable is reported without it.
  const [{ openSession }, { apply, down }, { status }, { verify }] = await Promise.all([
    import('./session.ts'),
    import('./commands.ts'),
    import('./status.ts'),
    import('./verify.ts'),
  ])
  const client = await openSession(url)
  const removeHandlers = stopOnSignal(client)
  const context = { client, environment, output }
  try {
    if (options.command === 'apply') return await apply(context, options)
    if (options.command === 'down') return await down(context, options)
    if (options.command === 'status') return await status(context, options)
    return await verify(context, options)
  } catch (error) {
    throw error instanceof CliError ? error : rejected(options.command, error)
  } finally {
    removeHandlers()
    await client.end().catch(() => {})
  }
}

function rejected(command: string, error: unknown): CliError {
  const next = 'read the message of the server; no partial change remains.'
  return statementError(error, { subject: `migrate ${command}`, next })
}
