// Clients of the services of a running stack.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from 'redis'
import { openBoundedClient, type Project } from '../../harness/index.ts'
import { compose, type Variant } from './compose.ts'
import { freePorts } from './free-ports.ts'

const ASK_MS = 5000
/** Dev runs its healthchecks every five seconds. */
const BOOT_MS = 50_000

/** Where a service listens; for the test variant the engine chooses the port at every start. */
export async function addressOf(
  project: Project,
  service: string,
  inside: number,
  variant: Variant = 'test',
): Promise<URL> {
  const { stdout } = await project.run('scripts/env.sh', ['where', '--variant', variant, '--json'], {
    environment: { HMA_PROJECT: project.composeName },
  })
  const places = JSON.parse(stdout || '[]') as { service: string; inside: number; url?: string }[]
  const place = places.find((each) => each.service === service && each.inside === inside)
  return new URL(place?.url ?? 'http://127.0.0.1:1')
}

export async function secretOf(project: Project, name: string): Promise<string> {
  return (await readFile(join(project.root, '.hma/secrets', name), 'utf8')).trim()
}

/** The answer to a statement, or to the last of several, as this login, or the reason why there is none. */
export async function askPostgres(
  project: Project,
  user: string,
  secret: string,
  text: string,
  database = 'hma',
): Promise<unknown> {
  const { hostname: host, port } = await addressOf(project, 'postgres', 5432)
  const password = await secretOf(project, secret)
  const plan = { host, port: Number(port), user, password, database }
  const attempt = openBoundedClient({ ...plan, connectionTimeoutMillis: ASK_MS, query_timeout: ASK_MS }).then(
    (client) => client.query({ text, rowMode: 'array' }).finally(() => void client.end().catch(() => {})),
  )
  return attempt.then(
    // Several statements have several results.
    (results) => [results].flat().at(-1)?.rows.flat()[0] ?? 'done',
    ({ message }: Error) => `no answer: ${message}`,
  )
}

/** The answer of Redis to a command, or the reason why there is none. */
export async function askRedis(
  project: Project,
  words: string[],
  variant: Variant = 'test',
): Promise<unknown> {
  return askRedisAt(project, await addressOf(project, 'redis', 6379, variant), words)
}

async function askRedisAt(
  project: Project,
  { hostname: host, port }: URL,
  words: string[],
): Promise<unknown> {
  const client = createClient({
    password: await secretOf(project, 'redis-password'),
    socket: { host, port: Number(port), connectTimeout: ASK_MS, reconnectStrategy: false },
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await client.sendCommand(words)
  } catch (error) {
    return `no answer: ${(error as Error).message}`
  } finally {
    if (client.isOpen) client.destroy()
  }
}

/** The value of a key that was written in dev: as dev sees it, and as the test stack sees it that runs at the same time. */
export async function valueInDevAndTest(project: Project): Promise<{ dev: unknown; test: unknown }> {
  const [port = 0] = await freePorts(1)
  const words = ['up', '--wait', '--wait-timeout', '50', 'redis']
  await compose(project, 'dev', words, { HMA_REDIS_PORT: `${port}` }, BOOT_MS)
  const dev = new URL(`redis://127.0.0.1:${port}`)
  await askRedisAt(project, dev, ['set', 'key', 'of dev'])
  return {
    dev: await askRedisAt(project, dev, ['get', 'key']),
    test: await askRedis(project, ['get', 'key']),
  }
}

/** The body of an HTTP answer with status 200; otherwise its status, or the reason why there is none. */
export function askWeb(project: Project, service: string, inside: number, path: string): Promise<string> {
  return fetchFrom(project, service, inside, path, {})
}

/** The same for a POST of a form. */
export function postWeb(
  project: Project,
  service: string,
  inside: number,
  path: string,
  form: Record<string, string>,
): Promise<string> {
  return fetchFrom(project, service, inside, path, { method: 'POST', body: new URLSearchParams(form) })
}

/** The same of Redis Commander, after signing in with that secret. */
export async function askBrowser(project: Project, secret: string, path: string): Promise<string> {
  const form = { username: 'hma', password: await secretOf(project, secret) }
  const answer = await postWeb(project, 'redis-commander', 8081, '/signin', form)
  const token = /"bearerToken":"([^"]+)"/.exec(answer)?.[1] ?? 'none'
  return fetchFrom(project, 'redis-commander', 8081, path, { headers: { Authorization: `Bearer ${token}` } })
}

/** The page that Adminer shows after a login to the database of the application, with the password in that secret. */
export async function askAdminer(project: Project, username: string, secret: string): Promise<string> {
  const address = await addressOf(project, 'adminer', 8080)
  const login = { driver: 'pgsql', server: 'postgres', username, password: await secretOf(project, secret) }
  const form = Object.entries({ ...login, db: 'hma' }).map(([name, value]) => [`auth[${name}]`, value])
  const limited = () => ({ signal: AbortSignal.timeout(ASK_MS) })
  try {
    const body = new URLSearchParams(form)
    const { headers } = await fetch(address, { method: 'POST', body, redirect: 'manual', ...limited() })
    const page = new URL(headers.get('location') ?? '/', address)
    return await (await fetch(page, { headers: { Cookie: cookiesIn(headers) }, ...limited() })).text()
  } catch (error) {
    return `no answer: ${error}`
  }
}

/** Of each name the one that was set last. */
function cookiesIn(headers: Headers): string {
  const pairs = headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  return [...new Map(pairs.map((pair) => [pair.split('=')[0], pair])).values()].join('; ')
}

async function fetchFrom(
  project: Project,
  service: string,
  inside: number,
  path: string,
  request: RequestInit,
): Promise<string> {
  const url = new URL(path, await addressOf(project, service, inside))
  try {
    const reply = await fetch(url, { ...request, signal: AbortSignal.timeout(ASK_MS) })
    return reply.ok ? await reply.text() : `status ${reply.status}`
  } catch (error) {
    return `no answer: ${error}`
  }
}
