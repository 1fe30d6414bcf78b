// The command line, parsed once. Whatever it does not know is refused before anything is touched.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { CliError, EXIT } from '../../config/cli-error.ts'

const COMMANDS = ['prepare', 'seal', 'verify', 'remove-expired', 'head'] as const

export interface Options {
  command: (typeof COMMANDS)[number]
  json: boolean
  /** For `verify`: a head that was exported earlier, as hex. */
  head?: string
  /** For `remove-expired`: how many whole months stay. */
  keepMonths: number
}

const HELP = 'scripts/audit.sh --help'
const Head = z.string().regex(/^[0-9a-f]{64}$/i)
const Months = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.number().min(12))

/** Throws CliError (exit 2) that names the word it does not take. */
export function readOptions(words: string[]): Options {
  const { values, positionals } = parse(words)
  const [word, extra] = positionals
  const command = COMMANDS.find((known) => known === word)
  if (command === undefined) {
    throw new CliError({
      what: word ? `There is no command '${word}'.` : 'No command was given.',
      next: HELP,
      exitCode: EXIT.usage,
    })
  }
  if (extra !== undefined)
    throw new CliError({
      what: `'${extra}' was not expected after ${command}.`,
      next: HELP,
      exitCode: EXIT.usage,
    })
  refuseStray(command, values)
  return {
    command,
    json: values.json,
    keepMonths: check(Months, values.keep, '--keep', 'give whole months, 12 or more.'),
    ...(values.head === undefined
      ? {}
      : {
          head: check(
            Head,
            values.head,
            '--head',
            'give the 64 hex digits that scripts/audit.sh head prints.',
          ),
        }),
  }
}

function parse(words: string[]) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        head: { type: 'string' },
        keep: { type: 'string', default: '24' },
      },
    })
  } catch (cause) {
    throw new CliError({
      what: `${(cause as Error).message.split('. ')[0]}.`,
      next: HELP,
      exitCode: EXIT.usage,
      cause,
    })
  }
}

/** An option that would be ignored is one that somebody relies on in vain. */
function refuseStray(command: Options['command'], { head, keep }: { head?: string; keep: string }): void {
  if (head !== undefined && command !== 'verify')
    throw new CliError({ what: `--head is no option of ${command}.`, next: HELP, exitCode: EXIT.usage })
  if (keep !== '24' && command !== 'remove-expired')
    throw new CliError({ what: `--keep is no option of ${command}.`, next: HELP, exitCode: EXIT.usage })
}

function check<T>(schema: z.ZodType<T>, value: string, option: string, next: string): T {
  const { success, data } = schema.safeParse(value)
  if (success) return data
  throw new CliError({ what: `${option} is '${value}'.`, next, exitCode: EXIT.usage })
}
