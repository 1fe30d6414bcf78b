// The command line, parsed once. Whatever it does not know is refused before anything is touched.
import { parseArgs } from 'node:util'
import { EXIT, Refusal } from './refusal.ts'

export const COMMANDS = ['apply', 'status', 'down', 'verify', 'new'] as const
export type Command = (typeof COMMANDS)[number]

export interface Options {
  command: Command
  json: boolean
  dryRun: boolean
  allowOutOfOrder: boolean
  to?: string
  /** Opt-in groups asked for. */
  groups: ReadonlySet<string>
  lockWaitSeconds: number
  folder: string
  /** For `new`: what the migration is called. */
  subject?: string
}

const HELP = 'scripts/migrate.sh --help'

/** Throws Refusal (exit 2) that names the word it does not know. */
export function readOptions(words: string[], rlsByDefault: boolean, defaultFolder: string): Options {
  const { values, positionals } = parse(words)
  const [command, subject, extra] = positionals
  if (!COMMANDS.includes(command as Command)) {
    throw new Refusal(
      EXIT.usage,
      command ? `There is no command '${command}'.` : 'No command was given.',
      HELP,
    )
  }
  if (extra !== undefined || (subject !== undefined && command !== 'new')) {
    throw new Refusal(EXIT.usage, `'${extra ?? subject}' was not expected after ${command}.`, HELP)
  }
  const groups = new Set([...(values.with ?? []), ...(rlsByDefault ? ['rls'] : [])])
  return {
    command: command as Command,
    json: values.json ?? false,
    dryRun: values['dry-run'] ?? false,
    allowOutOfOrder: values['allow-out-of-order'] ?? false,
    groups,
    lockWaitSeconds: readSeconds(values['lock-wait'] ?? '60'),
    folder: values.migrations ?? defaultFolder,
    ...(values.to === undefined ? {} : { to: values.to }),
    ...(subject === undefined ? {} : { subject }),
  }
}

function parse(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        'allow-out-of-order': { type: 'boolean' },
        to: { type: 'string' },
        with: { type: 'string', multiple: true },
        'lock-wait': { type: 'string' },
        migrations: { type: 'string' },
      },
    })
  } catch (error) {
    throw new Refusal(EXIT.usage, (error as Error).message.split('. ')[0] ?? '', HELP, error)
  }
}

function readSeconds(text: string): number {
  const seconds = Number(text)
  if (text !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400) return seconds
  throw new Refusal(EXIT.usage, `--lock-wait is '${text}'.`, 'give seconds, from 0 to 86400.')
}
