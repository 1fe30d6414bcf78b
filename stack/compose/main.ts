// Prepares what scripts/compose.sh hands to docker compose: checks variables and secrets, writes the names of the images,
// removes incomplete containers, and prints the options for docker compose, one on each line.
import { oneOf, readOptions, wrongUse } from '../../config/command-line.ts'
import { listContainers } from '../../config/compose-containers.ts'
import { runProgram } from '../../config/program.ts'
import { ROOT } from '../../config/root.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { readStackSettings, readVariables } from '../../config/stack-settings.ts'
import { VARIANTS, type Variant } from '../../config/variables.ts'
import { hasImagesEnv } from '../images/images-env.ts'
import { updateImagesEnv } from '../images/status.ts'
import { runCommand } from '../run-command.ts'
import { composeOptions } from './command.ts'
import { type ComposeModel, removeIncomplete, serviceNetworks } from './networks.ts'

const HELP = 'scripts/compose.sh --help'
const STARTING_COMMANDS = ['up', 'run', 'create', 'start', 'restart']
const GLOBAL_OPTIONS_WITH_VALUE = ['--profile', '-f', '--file', '--progress', '--ansi', '--parallel']
const RENDER_WITHIN_MS = 60_000

await runProgram('compose.sh', main)

async function main(words: string[]): Promise<number> {
  const { variant, args } = readVariant(words)
  const { command, globalOptions } = splitArguments(args)
  const settings = readStackSettings(readVariables(process.env), variant)
  const starts = STARTING_COMMANDS.includes(command)
  if (starts || (variant === 'prod' && command === 'config')) checkSecrets(settings.secretsFolder, variant)
  if (starts || !hasImagesEnv(ROOT)) await writeImageNames()
  const options = composeOptions(settings)
  if (command === 'up') {
    const exitCode = await prepareUp([...options, ...globalOptions], settings.project)
    if (exitCode !== 0) return exitCode
  }
  // What was started with a profile is ended with the rest.
  const profiles = command === 'down' ? ['--profile', '*'] : []
  console.log([...options, ...profiles].join('\n'))
  return 0
}

function readVariant(words: string[]): { variant: Variant; args: string[] } {
  const [first, value, ...rest] = words
  if (first !== '--variant') return { variant: 'dev', args: words }
  if (rest.length === 0) throw wrongUse('There is nothing after --variant.', HELP)
  return { ...readOptions([first, value ?? ''], HELP, { '--variant <name>': oneOf(VARIANTS) }), args: rest }
}

/** Compose's command is the first word that is neither an option nor the value of one. */
function splitArguments(args: string[]): { command: string; globalOptions: string[] } {
  const index = args.findIndex(
    (word, at) => !word.startsWith('-') && !GLOBAL_OPTIONS_WITH_VALUE.includes(args[at - 1] ?? ''),
  )
  return index < 0
    ? { command: '', globalOptions: args }
    : { command: args[index] ?? '', globalOptions: args.slice(0, index) }
}

async function writeImageNames(): Promise<void> {
  const missing = (await updateImagesEnv()).filter(({ there }) => !there)
  for (const { name } of missing)
    process.stderr.write(
      `compose.sh: ${name} is not on this engine. Next: scripts/images.sh ensure ${name}\n`,
    )
}

/** Returns compose's exit code, after compose itself has said why, where the files cannot be rendered. */
async function prepareUp(options: string[], project: string): Promise<number> {
  const render = ['docker', 'compose', ...options, '--profile', '*', 'config', '--format', 'json']
  const { exitCode, stdout, stderr } = await runCommand(render, { withinMs: RENDER_WITHIN_MS })
  if (exitCode === 0) {
    const expected = serviceNetworks(JSON.parse(stdout) as ComposeModel)
    await removeIncomplete(expected, await listContainers(project))
  } else process.stderr.write(`${stderr.trimEnd()}\n`)
  return exitCode
}
