// Prepares what scripts/compose.sh hands to docker compose: checks variables, secrets and whose stack it is, writes the names of
// the images, removes what compose could not start, and prints the options for docker compose, one on each line.
import { oneOf, readOptions, wrongUse } from '../../config/command-line.ts'
import { listContainers } from '../../config/compose-containers.ts'
import { runProgram, warn } from '../../config/program.ts'
import { ROOT } from '../../config/root.ts'
import { checkSecrets } from '../../config/secrets.ts'
import { requireOwnStack } from '../../config/stack-owner.ts'
import { readStackSettings, readVariables } from '../../config/stack-settings.ts'
import { VARIANTS, type Variant } from '../../config/variables.ts'
import { hasImagesEnv } from '../images/images-env.ts'
import { readImageContext, updateImagesEnv } from '../images/status.ts'
import { runCommand } from '../run-command.ts'
import {
  changesStack,
  createsStack,
  HELP,
  isDryRun,
  profilesIn,
  readsSecrets,
  splitArguments,
} from './arguments.ts'
import { composeOptions } from './command.ts'
import { type ComposeModel, removeIncomplete, serviceNetworks } from './networks.ts'
import { prepareStack } from './prepare.ts'

const RENDER_WITHIN_MS = 60_000

await runProgram('compose.sh', main)

async function main(words: string[]): Promise<number> {
  const { variant, args } = readVariant(words)
  const { command, globalOptions } = splitArguments(args)
  const settings = readStackSettings(readVariables(process.env), variant)
  const needsSecrets = readsSecrets(command, variant)
  if (needsSecrets) checkSecrets(settings.secretsFolder, variant)
  if (changesStack(command)) await requireOwnStack(settings.project)
  if (!hasImagesEnv(ROOT) || needsSecrets) await writeImageNames(profilesIn(globalOptions))
  const options = composeOptions(settings)
  if (createsStack(command) && !isDryRun(args)) {
    const exitCode = await prepareStart([...options, ...globalOptions], settings.project)
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

async function writeImageNames(profiles: string[]): Promise<void> {
  const context = await readImageContext()
  const needed = new Set(context.catalog.namesFor(profiles))
  const missing = (await updateImagesEnv(context)).filter(({ name, there }) => !there && needed.has(name))
  for (const { name } of missing)
    warn('compose.sh', `${name} is not on this engine.`, `scripts/images.sh ensure ${name}`)
}

/** Returns compose's exit code, after compose itself has said why, where the files cannot be rendered. */
async function prepareStart(options: string[], project: string): Promise<number> {
  const render = ['docker', 'compose', ...options, '--profile', '*', 'config', '--format', 'json']
  const { exitCode, stdout, stderr } = await runCommand(render, { withinMs: RENDER_WITHIN_MS })
  if (exitCode === 0) {
    const model = JSON.parse(stdout) as ComposeModel
    await prepareStack(model)
    await removeIncomplete(serviceNetworks(model), await listContainers(project))
  } else process.stderr.write(`${stderr.trimEnd()}\n`)
  return exitCode
}
