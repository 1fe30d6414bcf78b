// Limits of logins that Postgres holds whatever the login sets.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Cluster,
  type Database,
  openBoundedClient,
  type Project,
  type Session,
} from '../../harness/index.ts'
import { errorOf } from './errors.ts'

/** The connections that the server of the stack accepts from logins that are no superusers. */
export async function connectionsForLogins(project: Project): Promise<number> {
  const compose = await readFile(join(project.root, 'docker/docker-compose.yml'), 'utf8')
  const [, limit = '0'] = /- max_connections=(\d+)/.exec(compose) ?? []
  return Number(limit) - 3 // superuser_reserved_connections
}

/** The limit of each login, null where it has none. */
export function connectionLimits(db: Session): Promise<number[]> {
  return db.column<number>(
    `select rolconnlimit from pg_roles where rolcanlogin and not rolsuper and starts_with(rolname, 'hma_') or rolname = 'analytics_reader'`,
  )
}

/** Logs in as that role until the server refuses; returns how often it did not, and the SQLSTATE of its error. */
export async function logInUntilRefused(cluster: Cluster, role: string, atMost: number): Promise<unknown> {
  const db = await cluster.database()
  for (let count = 0; count < atMost; count++) {
    const sqlstate = await sqlstateOfLogin(db, role)
    if (sqlstate !== undefined) return { count, sqlstate }
  }
  return { count: atMost, sqlstate: undefined }
}

async function sqlstateOfLogin(db: Database, role: string): Promise<string | undefined> {
  return db.as(role).then(
    () => undefined,
    ({ code }: { code?: string }) => code,
  )
}

const FILL_WITHIN_MS = 60_000
/** Writes 300 MB of temporary files. */
const FILL = `with filled as materialized (select repeat('x', 1000 * 1000) as text from generate_series(1, 300)) select count(text) from filled`

const LOGINS = 'select rolname::text from pg_roles where rolcanlogin and not rolsuper order by 1'

/** What a login was answered, and where: SQLSTATE, null where it was accepted. */
export interface Answer {
  login: string
  database: string
  code: string | null
}

/** To a statement that writes 300 MB of temporary files: of every login that is no superuser. */
export async function fillTemporaryFiles(cluster: Cluster): Promise<Answer[]> {
  const db = await cluster.database()
  const answers: Answer[] = []
  for (const login of await readyLogins(db)) answers.push(await ask(db, login, db.name, FILL))
  return answers
}

/** To a connection with every database of the server: of every login that is no superuser. */
export async function connectToDatabases(cluster: Cluster): Promise<Answer[]> {
  const db = await cluster.database()
  const databases = await db.column('select datname::text from pg_database order by 1')
  const answers: Answer[] = []
  for (const login of await readyLogins(db))
    for (const database of databases) answers.push(await ask(db, login, database, 'select 1'))
  return answers
}

const PASSWORD = 'spec'

/** Every login that is no superuser, by name. All get the same password, so the server must be the test's own. */
async function readyLogins(db: Session): Promise<string[]> {
  const logins = await db.column(LOGINS)
  for (const login of logins) await db.query(`alter role ${login} password '${PASSWORD}'`)
  return logins
}

async function ask(db: Database, login: string, database: string, statement: string): Promise<Answer> {
  const place = { username: login, password: PASSWORD, pathname: `/${database}` }
  const connectionString = Object.assign(new URL(db.url), place).href
  const attempt = openBoundedClient({ connectionString, query_timeout: FILL_WITHIN_MS }).then((client) =>
    client.query(statement).finally(() => client.end().catch(() => {})),
  )
  const answer = await errorOf(attempt)
  return { login, database, code: answer?.code ?? null }
}
