// The command line of scripts/compose.sh: which of compose's options may stand before its command, and what a command needs.
import { wrongUse } from '../../config/command-line.ts'

export const HELP = 'scripts/compose.sh --help'

const WITH_VALUE = ['--profile', '--file', '-f', '--progress', '--ansi', '--parallel']
const WITHOUT_VALUE = ['--dry-run', '--all-resources', '--help', '-h', '--version', '-v']
const PROJECT = ['--project-name', '-p']

/** Show what is there, and change nothing. */
const LOOKING = [
  ...['', 'config', 'convert', 'events', 'help', 'images', 'logs', 'ls', 'port', 'ps'],
  ...['stats', 'top', 'version', 'volumes'],
]
/**
 * Act on containers that exist, and start nothing that reads a secret. So does `wait`, which takes the stack down where it is told to,
 * and `attach`, which hands on what is typed and every signal.
 */
const ENDING = [
  ...['attach', 'commit', 'cp', 'down', 'exec', 'export', 'kill', 'pause', 'rm', 'stop'],
  ...['unpause', 'wait'],
]
/** Print the whole model, which prod does only with its secrets. */
const RENDERING = ['config', 'convert']

export interface ComposeArguments {
  /** Empty without one. */
  command: string
  /** The words before it. */
  globalOptions: string[]
}

/**
 * Throws CliError (2) for an option that the wrapper sets itself or does not know: what comes after it could be its value, so
 * nothing would tell which command compose will see.
 */
export function splitArguments(args: string[]): ComposeArguments {
  const [word, ...rest] = args
  if (word === undefined || !word.startsWith('-')) return { command: word ?? '', globalOptions: [] }
  const own = WITH_VALUE.includes(word) ? args.slice(0, 2) : [word]
  if (!isKnown(word)) throw notTaken(word)
  const after = splitArguments(own.length === 2 ? rest.slice(1) : rest)
  return { ...after, globalOptions: [...own, ...after.globalOptions] }
}

/** Also as `--profile=tools`, `-f=x.yml` and `-fx.yml`. */
function isKnown(word: string): boolean {
  const [name = ''] = word.split('=')
  return WITHOUT_VALUE.includes(word) || WITH_VALUE.includes(name) || /^-f./.test(word)
}

function notTaken(word: string) {
  const [name = word] = word.split('=')
  const next = PROJECT.includes(name) ? 'set HMA_PROJECT in .env.' : HELP
  return wrongUse(`compose.sh takes no ${name} before the command.`, HELP, next)
}

/** A command that is not known may start something. */
export const readsSecrets = (command: string, variant: string): boolean =>
  variant === 'prod' && RENDERING.includes(command) ? true : ![...LOOKING, ...ENDING].includes(command)

export const changesStack = (command: string): boolean => !LOOKING.includes(command)

/** Makes containers and volumes. */
export const createsStack = (command: string): boolean => ['up', 'create', 'run'].includes(command)
