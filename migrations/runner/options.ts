// The command line of the runner.
import { join } from 'node:path'
import { z } from 'zod'
import { type CommandOf, flag, numberBetween, readCommand, wrongUse } from '../../config/command-line.ts'

const HELP = 'scripts/migrate.sh --help'
const common = {
  '--json': flag,
  '--migrations <folder>': z.string().default(join(import.meta.dirname, '..')),
}
/** Name or number of a migration. */
const to = { '--to <migration>': z.string().optional() }
/** Opt-in groups. */
const groups = { '--with <group...>': z.array(z.string()).default([]) }
const lockWait = { '--lock-wait <seconds>': numberBetween(0, 86_400, 'seconds').default(60) }
const dryRun = { '--dry-run': flag }

const COMMANDS = {
  apply: {
    ...common,
    ...to,
    ...groups,
    ...dryRun,
    ...lockWait,
    '--allow-out-of-order': flag,
    '--accept-drift': flag,
  },
  status: { ...common, ...groups },
  down: { ...common, ...to, ...dryRun, ...lockWait, '--without <group>': z.string().optional() },
  verify: { ...common, ...lockWait },
  new: { ...common, '<subject>': z.string() },
}

export type Options = CommandOf<typeof COMMANDS>
export type OptionsFor<Command extends Options['command']> = Extract<Options, { command: Command }>

/** Throws CliError (exit 2) that names the word it does not know. */
export function readOptions(words: string[]): Options {
  const options = readCommand(words, HELP, COMMANDS)
  if (options.command === 'down' && options.to !== undefined && options.without !== undefined)
    throw wrongUse('--to and --without exclude each other.', HELP)
  return options
}
