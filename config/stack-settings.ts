// What the variables say about one variant of the stack. Parsed once, before anything starts.
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { CliError, EXIT } from './cli-error.ts'
import type { Variables } from './database-url.ts'
import { ROOT } from './root.ts'
import { STACK, type Variable, type Variant } from './variables.ts'

export interface Listener {
  service: string
  /** What it listens to inside of its container. */
  inside: number
  protocol: string
  variable: string
  /** Profile without which the service is not started. */
  profile?: 'tools'
  /** Port on 127.0.0.1: a number in dev, chosen by the engine at every start in test, none in prod. */
  port: number | 'chosen at start' | undefined
}

export interface Stack {
  variant: Variant
  /** Name of the compose project. */
  project: string
  /** How the database is marked. */
  environment: 'development' | 'test' | 'production'
  rls: 'on' | 'off'
  bucket: string
  database: string
  /** Folder of the secret files, absolute. */
  secrets: string
  listeners: Listener[]
}

type Place = Omit<Listener, 'port'>

const PLACES: readonly Place[] = [
  { service: 'postgres', inside: 5432, protocol: 'postgres', variable: 'HMA_POSTGRES_PORT' },
  { service: 'redis', inside: 6379, protocol: 'redis', variable: 'HMA_REDIS_PORT' },
  { service: 'minio', inside: 9000, protocol: 'http', variable: 'HMA_MINIO_PORT' },
  { service: 'minio', inside: 9001, protocol: 'http', variable: 'HMA_MINIO_CONSOLE_PORT' },
  { service: 'ml', inside: 8090, protocol: 'http', variable: 'HMA_ML_PORT' },
  { service: 'adminer', inside: 8080, protocol: 'http', variable: 'HMA_ADMINER_PORT', profile: 'tools' },
  {
    ...{ service: 'redis-commander', inside: 8081, protocol: 'http' },
    ...{ variable: 'HMA_REDIS_COMMANDER_PORT', profile: 'tools' },
  },
]

const KINDS = { dev: 'development', test: 'test', prod: 'production' } as const

/** .env of the project, where there is one, beneath the variables of the process. As compose, the process wins. */
export function readVariables(environment: Variables, root = ROOT): Variables {
  const file = join(root, '.env')
  const written: Variables = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  return { ...written, ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value)) }
}

/** Throws CliError (exit 2), one line for each variable at fault, when the variant cannot be started with these. */
export function readStack(variables: Variables, variant: Variant, root = ROOT): Stack {
  const needed = STACK.filter(({ variants }) => variants.includes(variant))
  const problems = [
    unsetOf(needed, variables),
    ...needed.map((variable) => problemOf(variable, variables[variable.name])),
    variant === 'dev' ? clashOf(variables) : undefined,
    variant === 'prod' ? devSecrets(variables, root) : undefined,
  ].filter((problem) => problem !== undefined)
  const [first, ...others] = problems
  if (first !== undefined) {
    const exitCode = EXIT.usage
    throw new CliError({
      ...first,
      exitCode,
      others: others.map((other) => new CliError({ ...other, exitCode })),
    })
  }
  const { HMA_PROJECT = '', HMA_RLS, HMA_BUCKET = '', HMA_SECRETS = '' } = variables
  return {
    variant,
    project: variant === 'dev' ? HMA_PROJECT : `${HMA_PROJECT}-${variant}`,
    environment: KINDS[variant],
    rls: HMA_RLS === 'on' ? 'on' : 'off',
    bucket: HMA_BUCKET,
    database: 'hma',
    secrets: resolve(root, HMA_SECRETS),
    listeners: PLACES.map((place) => ({ ...place, port: portOf(place, variables, variant) })),
  }
}

interface Problem {
  what: string
  next: string
}

function unsetOf(needed: Variable[], variables: Variables): Problem | undefined {
  const unset = needed.filter(({ name }) => !variables[name])
  if (unset.length === 0) return undefined
  const [first] = unset
  const one = unset.length === 1
  const next = one ? `write ${first?.name}=${first?.example} into .env` : 'take their lines from .env.example'
  return {
    what: `${unset.map(({ name }) => name).join(', ')} ${one ? 'is' : 'are'} not set.`,
    next: `scripts/setup-dev-environment.sh, or ${next}.`,
  }
}

function problemOf({ name, shape }: Variable, value: string | undefined): Problem | undefined {
  const error = value ? shape.safeParse(value).error : undefined
  return error && split(`${name}=${value} ${error.issues[0]?.message}`)
}

function clashOf(variables: Variables): Problem | undefined {
  const taken = new Map<string, string>()
  for (const { variable } of PLACES) {
    const value = variables[variable] || ''
    const other = taken.get(value)
    if (other !== undefined && value !== '')
      return { what: `${variable} is ${value}, and so is ${other}.`, next: 'give each a port of its own.' }
    taken.set(value, variable)
  }
  return undefined
}

/** What a development setup has made up, and keeps in a folder that everybody knows, is no secret of production. */
function devSecrets({ HMA_SECRETS }: Variables, root: string): Problem | undefined {
  if (!HMA_SECRETS) return undefined
  const isInside = !relative(root, resolve(root, HMA_SECRETS)).startsWith('..')
  if (isAbsolute(HMA_SECRETS) && !isInside) return undefined
  return {
    what: `HMA_SECRETS=${HMA_SECRETS} lies in the project, where the secrets of development are.`,
    next: 'give prod an absolute path outside of it.',
  }
}

function portOf({ variable }: Place, variables: Variables, variant: Variant): Listener['port'] {
  if (variant === 'prod') return undefined
  return variant === 'test' ? 'chosen at start' : Number(variables[variable])
}

function split(line: string): Problem {
  const [what = '', next = ''] = line.split(' Next: ')
  return { what, next }
}
