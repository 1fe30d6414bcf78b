// The command line of the audit job. Misuse is refused before anything is touched.
import { z } from 'zod'
import { type CommandOf, flag, numberBetween, readCommand } from '../../config/command-line.ts'

const json = { '--json': flag }
const Head = z.string().regex(/^[0-9a-f]{64}$/i, 'give the 64 hex digits that scripts/audit.sh head prints.')
const Months = numberBetween(12, 9999, 'whole months').refine(Number.isInteger, 'give whole months.')

const COMMANDS = {
  prepare: json,
  seal: json,
  head: json,
  /** A head that was exported earlier. */
  verify: { ...json, '--head <hex>': Head.optional() },
  /** How many whole months stay. */
  'remove-expired': { ...json, '--keep <months>': Months.default(24) },
}

export type Options = CommandOf<typeof COMMANDS>
export type OptionsFor<Command extends Options['command']> = Extract<Options, { command: Command }>

/** Throws CliError (exit 2) that names the word or value at fault. */
export function readOptions(words: string[]): Options {
  return readCommand(words, 'scripts/audit.sh --help', COMMANDS)
}
