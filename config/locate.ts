// Where a script works when nobody says where: on the dev stack of this folder. What a variable says always wins, and a variable
// that is set wrongly is refused: a script must never act on another database than the one that was meant.
import { CliError, EXIT } from './cli-error.ts'
import { type ComposeContainer, listContainers } from './compose-containers.ts'
import { readDatabaseUrl, readSecret, type Variables } from './database-url.ts'
import { readSecretFile } from './secrets.ts'
import { LOGIN_SECRETS, REDIS_SECRETS, SERVICES } from './services.ts'
import { foreignFolder, foreignNext, foreignText } from './stack-owner.ts'
import { readStackSettings, readVariables, type StackSettings } from './stack-settings.ts'

export interface Located<Place> {
  place: Place
  /** For a person, on which stack this is; undefined where a variable said it. */
  description?: string
  /** What .env says about that stack. */
  settings?: StackSettings
}

const SETUP = 'scripts/setup-dev-environment.sh'

export const DATABASE_VARIABLES = ['HMA_DATABASE_URL', 'HMA_DATABASE_PASSWORD', 'HMA_DATABASE_PASSWORD_FILE']
export const REDIS_VARIABLES = ['HMA_REDIS_URL', 'HMA_REDIS_PASSWORD', 'HMA_REDIS_PASSWORD_FILE']
/** The store of the backups, its key, and the buckets in it. */
export const STORE_VARIABLES = [
  ...['HMA_STORE_URL', 'HMA_STORE_KEY_ID', 'HMA_STORE_KEY_ID_FILE', 'HMA_STORE_KEY_SECRET'],
  ...['HMA_STORE_KEY_SECRET_FILE', 'HMA_BACKUP_BUCKET', 'HMA_ARCHIVE_BUCKET'],
]

/** HMA_DATABASE_URL, or the database of the dev stack of this folder with that login. Throws CliError: 2 for a variable, 3 where the stack is not up. */
export async function locateDatabase(
  variables: Variables,
  login: keyof typeof LOGIN_SECRETS,
): Promise<Located<URL>> {
  if (isAnySet(variables, DATABASE_VARIABLES)) return { place: readDatabaseUrl(variables) }
  const settings = devSettings()
  const port = await publishedPort(settings, 'postgres', 'HMA_DATABASE_URL')
  const place = new URL(`postgres://127.0.0.1:${port}/${settings.database}`)
  place.username = login
  place.password = readSecretFile(settings.secretsFolder, LOGIN_SECRETS[login])
  const description = `development database ${settings.database} at ${place.host}, as ${login}`
  return { place, description, settings }
}

/** HMA_REDIS_URL with HMA_REDIS_PASSWORD or …_FILE in it, or Redis of the dev stack of this folder as that user. Throws CliError as locateDatabase does. */
export async function locateRedis(
  variables: Variables,
  user: keyof typeof REDIS_SECRETS,
): Promise<Located<URL>> {
  if (isAnySet(variables, REDIS_VARIABLES)) {
    const place = readUrl(variables, 'HMA_REDIS_URL', ['redis:', 'rediss:'])
    return {
      place: Object.assign(place, {
        password: readSecret(variables, 'HMA_REDIS_PASSWORD') ?? place.password,
      }),
    }
  }
  const settings = devSettings()
  const port = await publishedPort(settings, 'redis', 'HMA_REDIS_URL')
  const place = new URL(`redis://127.0.0.1:${port}`)
  place.username = user
  place.password = readSecretFile(settings.secretsFolder, REDIS_SECRETS[user])
  return { place, description: `development Redis at ${place.host}, as ${user}` }
}

/** For a script that works on the stack alone: whoever sets one of these means another server. Throws CliError (exit 2). */
export function requireNoOtherServer(variables: Variables, names: string[]): void {
  const name = names.find((each) => isAnySet(variables, [each]))
  if (name === undefined) return
  throw new CliError({
    what: `${name} is set, and this script works on the stack alone.`,
    next: `unset ${name}.`,
    exitCode: EXIT.usage,
  })
}

/** Says on standard error which stack a program found by itself; with --json as a JSON line. */
export function announce<Place>({ place, description }: Located<Place>, json = false): Place {
  if (description !== undefined)
    process.stderr.write(`${json ? JSON.stringify({ event: 'located', description }) : description}\n`)
  return place
}

/** An empty variable counts as set: somebody meant to say something. */
function isAnySet(variables: Variables, names: string[]): boolean {
  return names.some((name) => variables[name] !== undefined)
}

function readUrl(variables: Variables, name: string, protocols: string[]): URL {
  const url = URL.parse(variables[name] ?? '')
  if (url !== null && protocols.includes(url.protocol) && url.hostname !== '') return url
  throw new CliError({
    what: `${name} is ${variables[name] ? 'not a valid URL' : 'not set'}.`,
    next: `set it to ${protocols[0]}//HOST:PORT, or unset all variables of that service to use the dev stack.`,
    exitCode: EXIT.usage,
  })
}

function devSettings(): StackSettings {
  return readStackSettings(readVariables(process.env), 'dev')
}

/** The port on this machine, as the engine publishes it now. */
async function publishedPort(settings: StackSettings, service: string, variable: string): Promise<number> {
  const inside = SERVICES.find(({ name }) => name === service)?.ports[0]?.containerPort
  const container = await runningContainer(settings, service, variable)
  const port = container.ports.find(({ containerPort }) => containerPort === inside)?.hostPort
  if (port === undefined) throw notUp(service, `publishes no port`, variable)
  return port
}

async function runningContainer(
  { project }: StackSettings,
  service: string,
  variable: string,
): Promise<ComposeContainer> {
  const containers = await listContainers(project).catch((cause: unknown) => {
    const what = `${variable} is not set, and no container engine answers that could tell of the dev stack.`
    throw new CliError({ what, next: `${SETUP}, or set ${variable}.`, exitCode: EXIT.unreachable, cause })
  })
  const container = containers.find((each) => each.service === service && each.status === 'running')
  if (container === undefined) throw notUp(service, 'does not run', variable)
  const folder = foreignFolder([container], [])
  if (folder === undefined) return container
  const what = foreignText(project, folder)
  throw new CliError({ what, next: foreignNext(project), exitCode: EXIT.refused })
}

function notUp(service: string, why: string, variable: string): CliError {
  return new CliError({
    what: `${variable} is not set, and ${service} of the dev stack of this folder ${why}.`,
    next: `${SETUP}, or set ${variable}.`,
    exitCode: EXIT.unreachable,
  })
}
