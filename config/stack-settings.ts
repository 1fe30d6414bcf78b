// What the variables say about one variant of the stack. Parsed once, before anything starts.
import { isAbsolute, join, relative, resolve } from 'node:path'
import { CliError, type CliErrorOptions, EXIT } from './cli-error.ts'
import type { Variables } from './database-url.ts'
import { readDotenv } from './dotenv.ts'
import { ROOT } from './root.ts'
import { SERVICE_PORTS, type ServicePort } from './services.ts'
import { SECRETS_FOLDER, STACK_VARIABLES, type StackVariable, type Variant } from './variables.ts'

export interface StackPort extends Omit<ServicePort, 'hostPort'> {
  /** Port on 127.0.0.1: a number in dev, chosen by the engine at every start in test, none in prod. */
  hostPort: number | 'chosen by the engine' | undefined
}

export interface StackSettings {
  variant: Variant
  /** Name of the compose project. */
  project: string
  /** How the database is marked. */
  environment: 'development' | 'test' | 'production'
  rls: 'on' | 'off'
  bucket: string
  database: string
  /** Absolute. */
  secretsFolder: string
  ports: StackPort[]
}

const OF_COMPOSE = new Set(STACK_VARIABLES.map(({ name }) => name))

const ENVIRONMENTS = { dev: 'development', test: 'test', prod: 'production' } as const

/**
 * The variables of the process, and beneath them .env where there is one: as in compose, the process wins, also with an empty value,
 * for which compose takes its own default.
 */
export function readVariables(environment: Variables, root = ROOT): Variables {
  const set = Object.entries(environment).filter(
    ([name, value]) => value || (value === '' && OF_COMPOSE.has(name)),
  )
  return { ...readDotenv(root), ...Object.fromEntries(set) }
}

/** Throws CliError (exit 2), one line for each variable at fault, when the variant cannot be started with these. */
export function readStackSettings(variables: Variables, variant: Variant, root = ROOT): StackSettings {
  const [first, ...others] = problemsOf(variables, variant, root)
  if (first !== undefined) {
    const exitCode = EXIT.usage
    throw new CliError({
      ...first,
      exitCode,
      others: others.map((other) => new CliError({ ...other, exitCode })),
    })
  }
  const { HMA_PROJECT = '', HMA_RLS, HMA_BUCKET = '' } = variables
  return {
    variant,
    project: variant === 'dev' ? HMA_PROJECT : `${HMA_PROJECT}-${variant}`,
    environment: ENVIRONMENTS[variant],
    rls: HMA_RLS === 'on' ? 'on' : 'off',
    bucket: HMA_BUCKET,
    database: 'hma',
    secretsFolder: secretsFolderOf(variables, root),
    ports: SERVICE_PORTS.map((port) => ({ ...port, hostPort: hostPortOf(port, variables, variant) })),
  }
}

/** Absolute. */
export function secretsFolderOf({ HMA_SECRETS }: Variables, root = ROOT): string {
  return HMA_SECRETS || join(root, SECRETS_FOLDER)
}

function hostPortOf({ variable }: ServicePort, variables: Variables, variant: Variant) {
  if (variant === 'prod') return undefined
  return variant === 'test' ? ('chosen by the engine' as const) : Number(variables[variable])
}

type Problem = Pick<CliErrorOptions, 'what' | 'next'> & { facts: { variable: string } }

function problemsOf(variables: Variables, variant: Variant, root: string): Problem[] {
  const needed = STACK_VARIABLES.filter(({ variants }) => variants.includes(variant))
  const read = STACK_VARIABLES.filter(
    ({ example, variants }) => example === undefined || variants.includes(variant),
  )
  return [
    unsetProblem(needed, variables),
    ...read.map((variable) => valueProblem(variable, variables[variable.name])),
    variant === 'dev' ? samePortProblem(variables) : undefined,
    variant === 'prod' ? devSecretsProblem(variables, root) : undefined,
  ].filter((problem) => problem !== undefined)
}

function unsetProblem(needed: StackVariable[], variables: Variables): Problem | undefined {
  const unset = needed.filter(({ name }) => !variables[name])
  const [first] = unset
  if (first === undefined) return undefined
  const isOne = unset.length === 1
  const next = isOne
    ? `write ${first.name}=${first.example ?? '…'} into .env`
    : 'copy their lines from .env.example'
  const inShell = variables[first.name] === '' ? `; where the shell has it empty, unset ${first.name}` : ''
  return {
    what: `${unset.map(({ name }) => name).join(', ')} ${isOne ? 'is' : 'are'} not set.`,
    next: `scripts/setup-dev-environment.sh, or ${next}${inShell}.`,
    facts: { variable: first.name },
  }
}

function valueProblem({ name, rule }: StackVariable, value?: string): Problem | undefined {
  if (!value || rule === undefined || rule.isValid(value)) return undefined
  return { what: `${name}=${value} ${rule.problem}`, next: rule.next, facts: { variable: name } }
}

function samePortProblem(variables: Variables): Problem | undefined {
  const variableOf = new Map<string, string>()
  for (const { variable } of SERVICE_PORTS) {
    const value = variables[variable] || ''
    const other = variableOf.get(value)
    if (other !== undefined && value !== '')
      return {
        what: `${variable} is ${value}, and so is ${other}.`,
        next: 'give each a port of its own.',
        facts: { variable },
      }
    variableOf.set(value, variable)
  }
  return undefined
}

/** A secret that a development set-up has made and stored in a well-known folder is no secret of production. */
function devSecretsProblem({ HMA_SECRETS }: Variables, root: string): Problem | undefined {
  if (!HMA_SECRETS || !isAbsolute(HMA_SECRETS)) return undefined
  const isInside = !relative(root, resolve(root, HMA_SECRETS)).startsWith('..')
  if (!isInside) return undefined
  return {
    what: `HMA_SECRETS=${HMA_SECRETS} is a folder of the project, where the secrets of development are.`,
    next: 'give prod an absolute path outside of it.',
    facts: { variable: 'HMA_SECRETS' },
  }
}
