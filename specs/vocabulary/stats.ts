// The scripts that print figures, run as an on-call person runs them, and what the servers themselves say.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Database, Outcome, Project } from '../../harness/index.ts'

export type Script = 'db-stats' | 'slow-queries' | 'cache-stats'

/** Longer than any limit that a spec gives a script, shorter than one without a limit. */
const ENDS_WITHIN_MS = 25_000

/** The script's own limit of time; a busy machine needs a few seconds more to start it. */
const LIMIT = ['--timeout', '4']

type Place = Pick<Database, 'url'> & { passwords?: Record<string, string> }

/** Runs a script against the database as that login. */
export function runAs(
  project: Project,
  script: Script,
  { url, passwords }: Place,
  login: string,
  words: string[] = [],
): Promise<Outcome> {
  const place = new URL(url)
  if (passwords !== undefined) Object.assign(place, { username: login, password: passwords[login] ?? '' })
  const environment = {
    HMA_DATABASE_URL: place.href,
    HMA_REDIS_URL: url.replace(/^postgres(.*)\/hma$/, 'redis$1'),
  }
  return project.run(`scripts/${script}.sh`, [...LIMIT, ...words], {
    environment,
    timeoutMs: ENDS_WITHIN_MS,
  })
}

export interface Server extends AsyncDisposable {
  url: string
}

/** Refuses connections, or accepts them and never answers, as a server that is paused. */
export async function brokenServer(kind: 'gone' | 'paused'): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `postgres://127.0.0.1:${port}/hma`
  const close = async () => void server.close()
  if (kind === 'gone') await close()
  return { url, [Symbol.asyncDispose]: close }
}
