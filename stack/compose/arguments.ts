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

/** Options of `run` whose value may be the next word. */
const OF_RUN_WITH_VALUE = [
  ...['--cap-add', '--cap-drop', '--entrypoint', '--env', '-e', '--env-from-file', '--label', '-l'],
  ...['--name', '--publish', '-p', '--pull', '--user', '-u', '--volume', '-v', '--workdir', '-w'],
]

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

/** Whether compose itself is told to change nothing: what stands behind the service of `run` is for the program in the container. */
export function isDryRun(args: string[]): boolean {
  const { command, globalOptions } = splitArguments(args)
  const words = args.slice(globalOptions.length + 1)
  const own = command === 'run' ? optionsOfRun(words) : beforeDashes(words)
  return [...globalOptions, ...own].some((word) => /^--dry-run(?:=(?:1|t|true))?$/i.test(word))
}

/** Without their values. A word that is taken for the service too early only means that the volumes are made as for a real start. */
function optionsOfRun(words: string[]): string[] {
  const [word, ...rest] = words
  if (word === undefined || word === '--' || !word.startsWith('-')) return []
  return [word, ...optionsOfRun(rest.slice(OF_RUN_WITH_VALUE.includes(word) ? 1 : 0))]
}

function beforeDashes(words: string[]): string[] {
  const at = words.indexOf('--')
  return at === -1 ? words : words.slice(0, at)
}

/** Profiles that the options before the command name; `*` means all. */
export function profilesIn(options: string[]): string[] {
  return options.flatMap((word, at) => {
    if (options[at - 1] === '--profile') return [word]
    return word.startsWith('--profile=') ? [word.slice('--profile='.length)] : []
  })
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
