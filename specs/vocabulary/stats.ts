// The scripts that print figures, run as an on-call person runs them, and what the servers themselves say.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type Database, expect, type Outcome, type Project } from '../../harness/index.ts'
import type { CacheFigures } from '../../ops/stats/cache-figures.ts'
import type { DatabaseFigures } from '../../ops/stats/database-figures.ts'

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

/** The object that it prints with --json. */
export async function figuresAs<T>(
  project: Project,
  script: Script,
  place: Place,
  login = 'hma_monitor',
): Promise<T> {
  const { stdout } = await runAs(project, script, place, login, ['--json'])
  return JSON.parse(stdout) as T
}

export const databaseFigures = (project: Project, db: Place) =>
  figuresAs<DatabaseFigures>(project, 'db-stats', db)

/** What the server reports of itself, in the same words. */
export async function reportedBy(db: Database) {
  const [row] = await db.query<Record<string, unknown>>(`
    select current_database() as database, current_setting('max_connections')::int as max,
           (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
           (select count(*)::int from pg_stat_user_tables t join pg_class c on c.oid = t.relid and c.relkind <> 'p') as tables,
           pg_table_size('auth.users')::int as users, pg_indexes_size('auth.users')::int as indexes,
           (select n_dead_tup::int from pg_stat_user_tables where relid = 'auth.users'::regclass) as dead`)
  return row ?? {}
}

export const committedIn = (db: Database) =>
  db.value<string>(
    'select xact_commit from pg_stat_database where datname = current_database() and pg_stat_force_next_flush() is not null',
  )

export interface LockLoad extends AsyncDisposable {
  blocker: number
  blocked: number
}

/** A session that has locked auth.sessions, and one of the application that waits for it. */
export async function blockSessions(db: Database): Promise<LockLoad> {
  const [owner, app] = [await db.connect(), await db.as('hma_app')]
  const [blocker, blocked] = [
    await owner.value<number>('select pg_backend_pid()'),
    await app.value<number>('select pg_backend_pid()'),
  ]
  await owner.query('begin; lock table auth.sessions in access exclusive mode')
  const waiting = app.query('select count(id) from auth.sessions').catch(() => [])
  const isWaiting = () =>
    db.value<boolean>(
      `select exists (select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock')`,
      [blocked],
    )
  await expect.poll(isWaiting, { timeout: 10_000, interval: 50 }).toBe(true)
  return {
    blocker,
    blocked,
    async [Symbol.asyncDispose]() {
      await owner.query('rollback')
      await waiting
    },
  }
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

export type { CacheFigures }
