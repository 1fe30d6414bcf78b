// The smoke test's command line; scripts/smoke.sh --help is its manual.
import { parseArgs } from 'node:util'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { listContainers } from '../../config/compose-containers.ts'
import { type Endpoint, publishedEndpoints } from '../../config/endpoints.ts'
import { readSecretFile } from '../../config/secrets.ts'
import { readStackSettings, readVariables, type StackSettings } from '../../config/stack-settings.ts'
import { VARIANTS, type Variant } from '../../config/variables.ts'
import { adminerProbe, redisCommanderProbe } from './browsers.ts'
import { mlProbe } from './ml.ts'
import { type Probe, perform, type Touched } from './probe.ts'

interface Asked {
  variant: Variant
  withinMs: number
  only: string[]
  json: boolean
}

/** Each with its client, which is loaded for a service that is touched and no other. */
const PROBES: Record<string, (url: string, stack: StackSettings) => Promise<Probe>> = {
  postgres: async (url, { database, secretsFolder }) => {
    const { databaseProbe } = await import('./database.ts')
    return databaseProbe({ url, database, password: readSecretFile(secretsFolder, 'app-password') })
  },
  redis: async (url, { secretsFolder }) => {
    const { cacheProbe } = await import('./cache.ts')
    return cacheProbe(url, readSecretFile(secretsFolder, 'redis-password'))
  },
  minio: async (url, { bucket, secretsFolder }) => {
    const { storeProbe } = await import('./store.ts')
    const [keyId, keySecret] = ['bucket-key-id', 'bucket-key-secret'].map((name) =>
      readSecretFile(secretsFolder, name),
    )
    return storeProbe({ url, bucket, keyId: keyId ?? '', keySecret: keySecret ?? '' })
  },
  ml: async (url) => mlProbe(url),
  adminer: async (url) => adminerProbe(url),
  'redis-commander': async (url, { secretsFolder }) =>
    redisCommanderProbe(url, readSecretFile(secretsFolder, 'redis-password')),
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof CliError)) throw error
  process.stderr.write(`${error.linesFor('smoke.sh')}\n`)
  return error.exitCode
})

async function main(words: string[]): Promise<number> {
  const { variant, withinMs, only, json } = readWords(words)
  const stack = readStackSettings(readVariables(process.env), variant)
  if (variant === 'prod')
    throw new CliError({
      what: 'Prod publishes no port to touch it at.',
      next: 'scripts/compose.sh --variant prod ps',
      exitCode: EXIT.usage,
    })
  const places = await placesOf(stack, only)
  const touched = await Promise.all(places.map((place) => touch(place, stack, withinMs)))
  const failed = touched.filter(({ state }) => state === 'failed')
  if (json)
    console.log(JSON.stringify({ state: failed.length === 0 ? 'ok' : 'failed', services: touched }, null, 2))
  else for (const each of touched) console.log(lineOf(each))
  return failed.length === 0 ? 0 : EXIT.failed
}

async function touch({ service, url }: Endpoint, stack: StackSettings, withinMs: number): Promise<Touched> {
  const next = `scripts/setup-dev-environment.sh --variant ${stack.variant}`
  if (url === undefined) return { service, state: 'failed', milliseconds: 0, what: 'does not run', next }
  const probe = await (PROBES[service] ?? neverMind)(url, stack)
  return perform(probe, withinMs)
}

function neverMind(): never {
  throw new Error('There is no probe for this service.')
}

/** What was asked for; else all that the stack has without a profile, and of its profiles what runs. Each at one address. */
async function placesOf(stack: StackSettings, only: string[]): Promise<Endpoint[]> {
  const places = await publishedEndpoints(stack).catch((cause: unknown) => {
    throw new CliError({
      what: 'The engine gives no answer.',
      next: 'scripts/engine.sh',
      exitCode: EXIT.unreachable,
      cause,
    })
  })
  const first = places.filter(
    ({ service }, at) => places.findIndex((place) => place.service === service) === at,
  )
  if (only.length > 0) return first.filter(({ service }) => only.includes(service))
  // Where no engine says what there is, there are no tools.
  const there = await listContainers(stack.project).catch(() => [])
  const running = new Set(there.map(({ service }) => service))
  return first.filter(({ service, profile }) => profile === undefined || running.has(service))
}

function lineOf({ service, state, milliseconds, what, next }: Touched): string {
  const act = next === undefined ? '' : ` Next: ${next}`
  return `${state === 'ok' ? '✓' : '✗'} ${service.padEnd(16)} ${String(milliseconds).padStart(5)} ms  ${what}${act}`
}

function readWords(words: string[]): Asked {
  const options = {
    variant: { type: 'string', default: 'dev' },
    within: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  } as const
  const { variant, within, only = [], json } = parse(() => parseArgs({ args: words, options }).values)
  const known = VARIANTS.find((each) => each === variant)
  const stranger = only.find((service) => !(service in PROBES))
  const withinMs = Number(within) * 1000
  if (known === undefined) throw wrongUse(`--variant ${variant} is none of ${VARIANTS.join(', ')}.`)
  if (stranger !== undefined) throw wrongUse(`There is no service ${stranger}.`)
  if (!(withinMs >= 100 && withinMs <= 60_000)) throw wrongUse('--within takes seconds, from 0.1 to 60.')
  return { variant: known, withinMs, only, json }
}

function parse<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw wrongUse(`${(error as Error).message.split('. ')[0]}.`)
  }
}

function wrongUse(what: string): CliError {
  return new CliError({ what, next: 'scripts/smoke.sh --help', exitCode: EXIT.usage })
}
