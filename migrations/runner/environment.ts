// What the runner reads from its environment, parsed once. Secrets come as a value or as a file that holds it.
import { readFileSync } from 'node:fs'
import { EXIT, Refusal } from './refusal.ts'

export interface Environment {
  url: URL
  /** Passwords to set, by login role; a role without one keeps what it has. */
  passwords: Record<string, string>
  rls: boolean
  /** What kind of database this is to be, if that is said. */
  kind?: (typeof KINDS)[number]
}

const KINDS = ['development', 'test', 'production'] as const

const ROLE_VARIABLES: Record<string, string> = {
  hma_migrator: 'HMA_MIGRATOR_PASSWORD',
  hma_app: 'HMA_APP_PASSWORD',
  analytics_reader: 'HMA_ANALYTICS_PASSWORD',
  hma_ml: 'HMA_ML_PASSWORD',
  hma_backup: 'HMA_BACKUP_PASSWORD',
}

type Variables = Record<string, string | undefined>

/** Throws Refusal (exit 2) that names the variable at fault. */
export function readEnvironment(variables: Variables): Environment {
  const url = readUrl(variables)
  const password = readSecret(variables, 'HMA_DATABASE_PASSWORD')
  if (password !== undefined) url.password = encodeURIComponent(password)
  const passwords: Record<string, string> = {}
  for (const [role, variable] of Object.entries(ROLE_VARIABLES)) {
    const secret = readSecret(variables, variable)
    if (secret !== undefined) passwords[role] = secret
  }
  const kind = readKind(variables)
  return { url, passwords, rls: readSwitch(variables, 'HMA_RLS'), ...(kind === undefined ? {} : { kind }) }
}

function readKind({ HMA_ENVIRONMENT: text }: Variables): Environment['kind'] {
  const kind = KINDS.find((known) => known === text)
  if (kind !== undefined || !text) return kind
  throw new Refusal(
    EXIT.usage,
    `HMA_ENVIRONMENT is '${text}'.`,
    `set it to ${KINDS.join(', ')}, or not at all.`,
  )
}

function readUrl(variables: Variables): URL {
  const text = variables.HMA_DATABASE_URL
  const example = 'set it to postgres://USER@HOST:PORT/DATABASE.'
  if (!text) throw new Refusal(EXIT.usage, 'HMA_DATABASE_URL is not set.', example)
  const url = URL.parse(text)
  const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
  if (!url || !isPostgres || url.hostname === '' || url.pathname.length < 2) {
    throw new Refusal(EXIT.usage, 'HMA_DATABASE_URL is not the URL of a Postgres database.', example)
  }
  return url
}

function readSwitch(variables: Variables, name: string): boolean {
  const value = variables[name] || 'off'
  if (value === 'on' || value === 'off') return value === 'on'
  throw new Refusal(EXIT.usage, `${name} is '${value}'.`, 'set it to on or off.')
}

function readSecret(variables: Variables, name: string): string | undefined {
  const file = variables[`${name}_FILE`]
  if (variables[name] && file) {
    throw new Refusal(EXIT.usage, `${name} and ${name}_FILE are both set.`, 'keep one of them.')
  }
  if (!file) return variables[name] || undefined
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (secret !== '') return secret
  } catch (cause) {
    throw new Refusal(
      EXIT.usage,
      `${name}_FILE cannot be read: ${file}.`,
      'give the path of a readable file.',
      { cause },
    )
  }
  throw new Refusal(EXIT.usage, `${name}_FILE is empty: ${file}.`, 'write the password into it.')
}
