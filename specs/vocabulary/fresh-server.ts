// A Postgres that no migration has touched, for restores.
import { type Database, type Outcome, openDatabase, type TestContainer } from '../../harness/index.ts'

export type StartContainer = (image: string, options: ContainerOptions) => Promise<TestContainer>

interface ContainerOptions {
  environment?: Record<string, string>
  files?: Record<string, string>
  command?: string[]
  tmpfs?: Record<string, string>
  joinsRun?: boolean
  port?: number
}

export interface FreshServer {
  container: TestContainer
  /** Its address in the network of the run. */
  host: string
}

export const SUPERUSER_PASSWORD = 'superuser'

/** A server that no migration has touched: the stack's image, or another. */
export async function startFreshServer(
  testContainer: StartContainer,
  image = 'hma-postgres',
): Promise<FreshServer> {
  const POSTGRES_INITDB_ARGS = '--no-sync --locale=C.UTF-8 --encoding=UTF8'
  const environment = { POSTGRES_PASSWORD: SUPERUSER_PASSWORD, POSTGRES_INITDB_ARGS }
  const container = await testContainer(image, { environment, joinsRun: true, port: 5432 })
  await container.until(['pg_isready', '--quiet', '--host', '127.0.0.1'])
  const { stdout } = await container.exec(['hostname', '--ip-address'])
  return { container, host: stdout.trim() }
}

/** A database of that server that was restored with the passwords of `db`, for sessions over the network. */
export function openRestored({ container }: FreshServer, { name, passwords }: Database): Promise<Database> {
  const login = { user: 'postgres', password: SUPERUSER_PASSWORD }
  return openDatabase({ ...container.address(), ...login, name, roles: passwords })
}

/** Variables with which a job restores into that server. */
export function intoServer(host: string, db: Database): Record<string, string> {
  return {
    HMA_DATABASE_URL: `postgres://postgres@${host}:5432/${db.name}`,
    HMA_DATABASE_PASSWORD: SUPERUSER_PASSWORD,
    HMA_APP_PASSWORD: db.passwords.hma_app ?? '',
    HMA_MIGRATOR_PASSWORD: db.passwords.hma_migrator ?? '',
    HMA_BACKUP_PASSWORD: db.passwords.hma_backup ?? '',
  }
}

/** Names of the databases of a server that are not its own. */
export function databasesOf(server: FreshServer): Promise<string[]> {
  return namesOf(server, 'true')
}

/** Those of them that accept no connection. */
export function closedDatabases(server: FreshServer): Promise<string[]> {
  return namesOf(server, 'not datallowconn')
}

async function namesOf({ container }: FreshServer, condition: string): Promise<string[]> {
  const query = `select datname from pg_database where datname !~ '^(template|postgres)' and ${condition} order by 1`
  const { stdout } = await container.exec([
    ...['psql', '--username', 'postgres', '--no-psqlrc', '--tuples-only', '--no-align'],
    ...['--command', query],
  ])
  return stdout.split('\n').filter(Boolean)
}

/** A statement of the superuser in a database of that server. */
export function asSuperuser(
  { container }: FreshServer,
  database: string,
  statement: string,
): Promise<Outcome> {
  const options = [
    '--username',
    'postgres',
    '--no-psqlrc',
    '--tuples-only',
    '--no-align',
    '--dbname',
    database,
  ]
  return container.exec(['psql', ...options, '--command', statement])
}
