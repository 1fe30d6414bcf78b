// The one parser of command lines: commander splits the words, zod checks each value, and misuse is one CliError.
import { Command, type CommanderError, Option } from 'commander'
import { z } from 'zod'
import { CliError, EXIT } from './cli-error.ts'

/**
 * What a command takes: options and arguments as commander writes them, each with the schema of its value. The message of a
 * schema is the next act. `...` after the name of an option: it may be given again, one value each time.
 *
 *     const options = readOptions(words, 'scripts/smoke.sh --help', {
 *       '--variant <name>': oneOf(VARIANTS).default('dev'),
 *       '--within <seconds>': numberBetween(0.1, 60, 'seconds').default(5),
 *       '--only <service...>': z.array(oneOf(SERVICES)).default([]),
 *       '--json': flag,
 *       '[files...]': z.array(z.string()),
 *     })
 *     options.variant // 'dev' | 'test' | 'prod'
 */
export type Grammar = Record<string, z.ZodType>

/** `--need-disk <gib>` becomes `needDisk`, `[files...]` becomes `files`. */
type NameOf<Key> = Key extends `--${infer Name} ${string}`
  ? CamelCase<Name>
  : Key extends `--${infer Name}` | `<${infer Name}...>` | `[${infer Name}...]`
    ? CamelCase<Name>
    : Key extends `<${infer Name}>` | `[${infer Name}]`
      ? Name
      : never
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name

export type OptionsOf<G extends Grammar> = { [Key in keyof G as NameOf<Key>]: z.output<G[Key]> }
export type CommandOf<C extends Record<string, Grammar>> = {
  [Name in keyof C]: { command: Name } & OptionsOf<C[Name]>
}[keyof C]

/** Where a person reads how the program is used, and its exit code for misuse where that is not 2. */
export type Usage = string | { help: string; exitCode: number }

/** An option without a value. */
export const flag = z.boolean().default(false)

export function oneOf<const Values extends readonly string[]>(values: Values) {
  const all = [values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ')
  return z.enum(values, `give ${all}.`)
}

export function numberBetween(least: number, most: number, unit: string) {
  const next = `give ${unit}, from ${least} to ${most}.`
  return z
    .string()
    .regex(/^\d+(?:\.\d+)?$/, next)
    .transform(Number)
    .pipe(z.number().min(least, next).max(most, next))
}

/** For a program that has one command. Throws CliError that names the word or value at fault. */
export function readOptions<G extends Grammar>(words: string[], usage: Usage, grammar: G): OptionsOf<G> {
  const program = quiet(new Command())
  let read: unknown
  declare(program, grammar, (values) => {
    read = checked(values, grammar, usage)
  })
  parse(program, words, usage)
  return read as OptionsOf<G>
}

/** For a program whose first word is a command. Throws CliError that names the word or value at fault. */
export function readCommand<C extends Record<string, Grammar>>(
  words: string[],
  usage: Usage,
  commands: C,
): CommandOf<C> {
  const program = quiet(new Command())
  let read: unknown
  for (const [name, grammar] of Object.entries(commands)) {
    declare(quiet(program.command(name)), grammar, (values) => {
      read = { command: name, ...checked(values, grammar, usage) }
    })
  }
  parse(program, words, usage)
  return read as CommandOf<C>
}

/** The CliError for a command line that cannot be used; also for what no single value shows, as two options that exclude each other. */
export function wrongUse(what: string, usage: Usage, next?: string): CliError {
  const { help, exitCode } = typeof usage === 'string' ? { help: usage, exitCode: EXIT.usage } : usage
  return new CliError({ what, next: next ?? help, exitCode })
}

/** Help is the comment at the head of the bash wrapper; errors are thrown and not printed. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .helpOption(false)
    .helpCommand(false)
}

type Values = Record<string, unknown>

function declare(command: Command, grammar: Grammar, read: (values: Values) => void): void {
  const names: string[] = []
  for (const key of Object.keys(grammar)) {
    if (key.startsWith('--')) command.addOption(optionOf(key))
    else names.push(command.argument(key).registeredArguments.at(-1)?.name() ?? '')
  }
  command.action(() => {
    const positional = names.map((name, at) => [name, command.processedArgs[at]])
    read({ ...command.opts(), ...Object.fromEntries(positional) })
  })
}

/** Commander's own `...` takes all the words that follow; ours takes one, so that arguments may stand behind it. */
function optionOf(key: string): Option {
  if (!key.endsWith('...>')) return new Option(key)
  return new Option(key.replace('...>', '>')).argParser((value: string, before: string[] = []) => [
    ...before,
    value,
  ])
}

function checked(values: Values, grammar: Grammar, usage: Usage): Values {
  const entries = Object.entries(grammar).map(([key, schema]) => {
    const [label = ''] = key.split(' ')
    const name = key.startsWith('--') ? new Option(key).attributeName() : label.replaceAll(/[<>[\].]/g, '')
    const { success, data, error } = schema.safeParse(values[name])
    if (success) return [name, data]
    if (values[name] === undefined) throw wrongUse(`${label} is missing.`, usage)
    const [issue] = error.issues
    const value = issue?.path.reduce<unknown>((inner, part) => Object(inner)[part], values[name]) ?? ''
    throw wrongUse(`${label} is '${value}'.`, usage, issue?.message)
  })
  return Object.fromEntries(entries)
}

function parse(program: Command, words: string[], usage: Usage): void {
  try {
    program.parse(words, { from: 'user' })
  } catch (error) {
    const { code, message } = error as CommanderError
    if (!code?.startsWith('commander.')) throw error
    throw wrongUse(code === 'commander.help' ? 'No command was given.' : sentenceOf(message), usage)
  }
}

/** Commander's messages begin with `error: ` and have no full stop. */
function sentenceOf(message: string): string {
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/[.]?$/, '.')
}
