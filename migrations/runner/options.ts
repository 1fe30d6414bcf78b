// The command line, parsed once. Whatever it does not know is refused before anything is touched.
import { parseArgs } from 'node:util'
import { CliError, EXIT } from '../../config/cli-error.ts'

export type Command = keyof typeof TAKES

export interface Options {
  command: Command
  json: boolean
  dryRun: boolean
  allowOutOfOrder: boolean
  acceptDrift: boolean
  /** Name or number of a migration. */
  to?: string
  /** Opt-in groups to apply. */
  groups: ReadonlySet<string>
  /** For `down`: the opt-in group to undo, and nothing else. */
  without?: string
  lockWaitSeconds: number
  folder: string
  /** For `new`: what the migration is called. */
  subject?: string
}

/** What each command takes besides --json and --migrations. */
const TAKES = {
  apply: ['to', 'with', 'dry-run', 'lock-wait', 'allow-out-of-order', 'accept-drift'],
  status: ['with'],
  down: ['to', 'without', 'dry-run', 'lock-wait'],
  verify: ['lock-wait'],
  new: [],
} satisfies Record<string, (keyof typeof FLAGS)[]>

const FLAGS = {
  json: { type: 'boolean', default: false },
  migrations: { type: 'string' },
  to: { type: 'string' },
  with: { type: 'string', multiple: true },
  without: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'lock-wait': { type: 'string', default: '60' },
  'allow-out-of-order': { type: 'boolean', default: false },
  'accept-drift': { type: 'boolean', default: false },
} as const

const HELP = 'scripts/migrate.sh --help'

/** Throws CliError (exit 2) that names the word it does not know. */
export function readOptions(words: string[], rlsByDefault: boolean, defaultFolder: string): Options {
  const { values, positionals, tokens } = parse(words)
  const [word, subject, extra] = positionals
  const command = readCommand(word)
  for (const token of tokens) if (token.kind === 'option') refuseStranger(command, token.name)
  if (extra !== undefined || (subject !== undefined && command !== 'new'))
    refuse(`'${extra ?? subject}' was not expected after ${command}.`)
  if (values.to !== undefined && values.without !== undefined)
    refuse('--to and --without were both given, and each says by itself what is undone.')
  return {
    command,
    json: values.json,
    dryRun: values['dry-run'],
    allowOutOfOrder: values['allow-out-of-order'],
    acceptDrift: values['accept-drift'],
    groups: new Set([...(values.with ?? []), ...(rlsByDefault ? ['rls'] : [])]),
    lockWaitSeconds: readSeconds(values['lock-wait']),
    folder: values.migrations ?? defaultFolder,
    ...(values.to === undefined ? {} : { to: values.to }),
    ...(values.without === undefined ? {} : { without: values.without }),
    ...(subject === undefined ? {} : { subject }),
  }
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, allowPositionals: true, tokens: true, options: FLAGS })
  } catch (error) {
    throw new CliError({
      what: `${(error as Error).message.split(/\.(?:\s|$)/)[0]}.`,
      next: HELP,
      exitCode: EXIT.usage,
      cause: error,
    })
  }
}

function readCommand(word: string | undefined): Command {
  if (word === undefined) refuse('No command was given.')
  if (!Object.hasOwn(TAKES, word)) refuse(`There is no command '${word}'.`)
  return word as Command
}

function refuseStranger(command: Command, flag: string): void {
  const taken: readonly string[] = ['json', 'migrations', ...TAKES[command]]
  if (!taken.includes(flag)) refuse(`${command} takes no --${flag}.`)
}

function readSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400) return seconds
  throw new CliError({
    what: `--lock-wait is '${text}'.`,
    next: 'give seconds, from 0 to 86400.',
    exitCode: EXIT.usage,
  })
}

function refuse(what: string): never {
  throw new CliError({ what, next: HELP, exitCode: EXIT.usage })
}
