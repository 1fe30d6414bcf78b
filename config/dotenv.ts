// Reads .env. Compose reads the same file with a parser of its own, which knows quotes, comments behind a value, $NAME and
// escapes. Here only lines are accepted that every parser reads alike; any other is refused by its number.
import { join } from 'node:path'
import { CliError, EXIT } from './cli-error.ts'
import type { Variables } from './database-url.ts'
import { ROOT } from './root.ts'
import { readTextFile } from './text-file.ts'

/** The variables of .env; none where there is no such file. Throws CliError (exit 2), one line for each line at fault. */
export function readDotenv(root = ROOT): Variables {
  const file = join(root, '.env')
  const text = readTextFile(file, `correct or remove it, then scripts/setup-dev-environment.sh`)
  return parseDotenv(text ?? '', file)
}

export function parseDotenv(text: string, file: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, where: `${file}:${index + 1}` }))
  const [first, ...others] = lines.flatMap(({ line, where }) => problemOf(line, where) ?? [])
  if (first !== undefined)
    throw new CliError({ ...first, others: others.map((other) => new CliError(other)) })
  const pairs = lines.filter(({ line }) => !IGNORED.test(line)).map(({ line }) => splitLine(line))
  return Object.fromEntries(pairs)
}

const IGNORED = /^\s*(?:#.*)?$/
const PAIR = /^[A-Za-z_]\w*=/
/** A backslash, a quote, a dollar sign, a number sign, a backtick; a blank at an end; a tilde where a shell would expand it. */
const AMBIGUOUS = /[\\'"$#`\r]|=\s|\s$|=~/

function problemOf(line: string, where: string) {
  const refuse = (what: string, next: string) => ({ what: `${where}: ${what}`, next, exitCode: EXIT.usage })
  if (IGNORED.test(line)) return undefined
  if (!PAIR.test(line)) return refuse('this line is not NAME=VALUE.', 'correct it, or begin it with #.')
  if (!AMBIGUOUS.test(line)) return undefined
  const [name = ''] = splitLine(line)
  return refuse(
    `compose and the scripts would read the value of ${name} differently.`,
    'write it out, without quotes, blanks at its ends, $, #, ~ and backslashes.',
  )
}

function splitLine(line: string): [name: string, value: string] {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}
