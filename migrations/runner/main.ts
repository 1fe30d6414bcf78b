// The migration runner; scripts/migrate.sh --help is the manual.
import { join } from 'node:path'
import { CliError } from '../../config/cli-error.ts'
import type { Variables } from '../../config/database-url.ts'
import { announce, locateDatabase } from '../../config/locate.ts'
import { statementError } from '../../config/postgres-error.ts'
import { runProgram } from '../../config/program.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
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
  const url = announce(database, options.json)
  const environment = readEnvironment({ ...variablesOfStack(database.settings), ...process.env }, url)
  // Loaded only now, so that a wrong command line or variable is reported without it.
  const [{ apply, down }, { status }, { verify }] = await Promise.all([
    import('./commands.ts'),
    import('./status.ts'),
    import('./verify.ts'),
  ])
  const program = { environment, output }
  try {
    if (options.command === 'apply') return await apply(program, options)
    if (options.command === 'down') return await down(program, options)
    if (options.command === 'status') return await status(program, options)
    return await verify(program, options)
  } catch (error) {
    throw error instanceof CliError ? error : rejected(options.command, error)
  }
}

/** What the stack of this folder says where no variable does. */
function variablesOfStack(settings?: StackSettings): Variables {
  if (settings === undefined) return {}
  const { rls, environment, secretsFolder } = settings
  const isGiven = process.env.HMA_SUPERUSER_PASSWORD !== undefined
  const file = isGiven ? undefined : join(secretsFolder, 'postgres-password')
  return { HMA_RLS: rls, HMA_ENVIRONMENT: environment, HMA_SUPERUSER_PASSWORD_FILE: file }
}

function rejected(command: string, error: unknown): CliError {
  const next = 'read the message of the server; no partial change remains.'
  return statementError(error, { subject: `migrate ${command}`, next })
}
