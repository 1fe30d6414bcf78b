// What the runner reads from environment variables, parsed once.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readSecret, type Variables } from '../../config/database-url.ts'

export interface Environment {
  /** Of the database, with the password of hma_migrator, or of another login that may become the owner. */
  url: URL
  /** The same database for the superuser, who runs the prelude; absent when its password is not given. */
  superuserUrl?: URL
  /** Passwords to set, by login role; the others remain unchanged. */
  passwords: Record<string, string>
  /** Whether the opt-in group rls is wanted. */
  rls: boolean
  /** What kind of database this is; absent when HMA_ENVIRONMENT is not set. */
  kind?: (typeof KINDS)[number]
}

const KINDS = ['development', 'test', 'production'] as const

const ROLE_VARIABLES: Record<string, string> = {
  hma_migrator: 'HMA_MIGRATOR_PASSWORD',
  hma_app: 'HMA_APP_PASSWORD',
  analytics_reader: 'HMA_ANALYTICS_PASSWORD',
  hma_ml: 'HMA_ML_PASSWORD',
  hma_monitor: 'HMA_MONITOR_PASSWORD',
  hma_backup: 'HMA_BACKUP_PASSWORD',
}

/** Throws CliError (exit 2) that names the variable at fault. */
export function readEnvironment(variables: Variables, url: URL): Environment {
  const passwords: Record<string, string> = {}
  for (const [role, variable] of Object.entries(ROLE_VARIABLES)) {
    const secret = readSecret(variables, variable)
    if (secret !== undefined) passwords[role] = secret
  }
  const kind = readKind(variables)
  const superuserPassword = readSecret(variables, 'HMA_SUPERUSER_PASSWORD')
  return {
    ...{ url, passwords, rls: readSwitch(variables, 'HMA_RLS') },
    ...(superuserPassword === undefined ? {} : { superuserUrl: superuserUrl(url, superuserPassword) }),
    ...(kind === undefined ? {} : { kind }),
  }
}

/** Throws CliError (exit 2) that names the variable of the first of these logins whose password is not given. */
export function requirePasswords(passwords: Record<string, string>, logins: readonly string[]): void {
  const missing = logins.find((login) => passwords[login] === undefined)
  if (missing === undefined) return
  const variable = ROLE_VARIABLES[missing]
  throw new CliError({
    what: `${variable} is not set.`,
    next: `set it, or ${variable}_FILE, to the password that ${missing} has on that server, or shall get.`,
    exitCode: EXIT.usage,
  })
}

function superuserUrl(url: URL, password: string): URL {
  return Object.assign(new URL(url), { username: 'postgres', password: encodeURIComponent(password) })
}

function readKind({ HMA_ENVIRONMENT: text }: Variables): Environment['kind'] {
  const kind = KINDS.find((known) => known === text)
  if (kind !== undefined || !text) return kind
  throw new CliError({
    what: `HMA_ENVIRONMENT is '${text}'.`,
    next: `set it to ${KINDS.join(', ')}, or not at all.`,
    exitCode: EXIT.usage,
  })
}

function readSwitch(variables: Variables, name: string): boolean {
  const value = variables[name] || 'off'
  if (value === 'on' || value === 'off') return value === 'on'
  throw new CliError({ what: `${name} is '${value}'.`, next: 'set it to on or off.', exitCode: EXIT.usage })
}
