// Variables, secrets and endpoints of the stack; scripts/env.sh --help is the manual.
import { type CommandOf, flag, oneOf, readCommand, wrongUse } from './command-line.ts'
import { createSecrets } from './create-secrets.ts'
import { dataVolumes } from './data-volumes.ts'
import { publishedEndpoints } from './endpoints.ts'
import { exampleFile } from './env-example.ts'
import { imageVariables } from './image-variables.ts'
import { runProgram } from './program.ts'
import { checkSecrets } from './secrets.ts'
import { readStackSettings, readVariables, type StackSettings } from './stack-settings.ts'
import { VARIANTS } from './variables.ts'

const HELP = 'scripts/env.sh --help'
const variant = { '--variant <name>': oneOf(VARIANTS).default('dev') }
const COMMANDS = {
  check: { ...variant, '--secrets': flag },
  secrets: { ...variant, '--json': flag },
  where: { ...variant, '--json': flag },
  example: {},
}
type Options = CommandOf<typeof COMMANDS>

await runProgram('env.sh', async (words) => {
  const options = readCommand(words, HELP, COMMANDS)
  if (options.command === 'example') process.stdout.write(exampleFile(imageVariables()))
  else await run(options, readStackSettings(readVariables(process.env), options.variant))
  return 0
})

async function run(options: Exclude<Options, { command: 'example' }>, stack: StackSettings): Promise<void> {
  if (options.command === 'check') check(stack, options.secrets)
  else if (options.command === 'secrets') await create(stack, options.json)
  else await printEndpoints(stack, options.json)
}

function check({ project, secretsFolder, variant }: StackSettings, withSecrets: boolean): void {
  if (withSecrets) checkSecrets(secretsFolder, variant)
  console.log(project)
}

async function create(stack: StackSettings, json: boolean): Promise<void> {
  const { secretsFolder, variant } = stack
  if (variant === 'prod')
    throw wrongUse('Nothing creates secrets for prod.', HELP, 'put your own into the folder HMA_SECRETS.')
  const created = createSecrets(secretsFolder, await dataVolumes(stack))
  if (json) console.log(JSON.stringify({ folder: secretsFolder, created }))
  else console.log(`secrets: ${created.length === 0 ? 'nothing missing' : `created ${created.join(', ')}`}`)
}

async function printEndpoints(stack: StackSettings, json: boolean): Promise<void> {
  const endpoints = await publishedEndpoints(stack)
  if (json) console.log(JSON.stringify(endpoints))
  else for (const { service, url } of endpoints) console.log(`${service.padEnd(16)} ${url ?? '-'}`)
}
