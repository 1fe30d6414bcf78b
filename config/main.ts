// The environment's command line.
// Usage: node config/main.ts check [--variant dev|test|prod] [--secrets] [--for SCRIPT]   prints the compose project's name
//        node config/main.ts secrets [--variant V] [--json]   makes up the secrets that are missing; prints no secret
//        node config/main.ts where [--variant V] [--json]     where the services listen
//        node config/main.ts example                         prints .env.example
// Exit codes: 0 done · 2 a variable or secret is missing or invalid (a line for each, which names it) · 3 no engine.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { CliError, EXIT } from './cli-error.ts'
import { whereItListens } from './endpoints.ts'
import { exampleFile } from './env-example.ts'
import { imageVariables } from './image-variables.ts'
import { checkSecrets, createSecrets } from './secrets.ts'
import { readStack, readVariables, type Stack } from './stack-settings.ts'
import { VARIANTS } from './variables.ts'

const Asked = z.object({
  act: z.enum(['check', 'example', 'secrets', 'where'], 'There is no such act.'),
  variant: z.enum(VARIANTS, '--variant is none of dev, test and prod.'),
  json: z.boolean(),
  secrets: z.boolean(),
  for: z.string(),
})
type Asked = z.infer<typeof Asked>

/** Whoever asked is who speaks. */
let speaker = 'environment'

const acts = {
  check(stack: Stack, { secrets }: Asked): void {
    if (secrets) checkSecrets(stack.secrets, stack.variant)
    console.log(stack.project)
  },
  secrets(stack: Stack, { json }: Asked): void {
    if (stack.variant === 'prod')
      throw new CliError({ what: 'Prod makes up no secret.', next: 'bring your own.', exitCode: EXIT.usage })
    const created = createSecrets(stack.secrets)
    if (json) console.log(JSON.stringify({ folder: stack.secrets, created }))
    else console.log(`secrets: ${created.length === 0 ? 'nothing missing' : `made ${created.join(', ')}`}`)
  },
  async where(stack: Stack, { json }: Asked): Promise<void> {
    const places = await whereItListens(stack).catch((cause: unknown) => {
      throw new CliError({
        what: 'The engine gives no answer.',
        next: 'scripts/engine.sh',
        exitCode: EXIT.unreachable,
        cause,
      })
    })
    if (json) console.log(JSON.stringify(places))
    else for (const { service, url } of places) console.log(`${service.padEnd(16)} ${url ?? '-'}`)
  },
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof CliError)) throw error
  process.stderr.write(`${error.linesFor(speaker)}\n`)
  return error.exitCode
})

async function main(words: string[]): Promise<number> {
  const asked = readWords(words)
  speaker = asked.for
  if (asked.act === 'example') {
    process.stdout.write(exampleFile(imageVariables()))
    return 0
  }
  const stack = readStack(readVariables(process.env), asked.variant)
  await acts[asked.act](stack, asked)
  return 0
}

function readWords(words: string[]): Asked {
  const options = {
    variant: { type: 'string', default: 'dev' },
    json: { type: 'boolean', default: false },
    secrets: { type: 'boolean', default: false },
    for: { type: 'string', default: speaker },
  } as const
  const next = 'read the head of config/main.ts.'
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
    const { success, data, error } = Asked.safeParse({ ...values, act: positionals[0] })
    if (success && positionals.length === 1) return data
    throw new CliError({ what: error?.issues[0]?.message ?? 'Name one act.', next, exitCode: EXIT.usage })
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError({ what: `${(error as Error).message.split('. ')[0]}.`, next, exitCode: EXIT.usage })
  }
}
