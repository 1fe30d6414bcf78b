// Limits of logins that Postgres holds whatever the login sets.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster, Database, Project, Session } from '../../harness/index.ts'

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

/** Logs in as that role until the server refuses; returns how often it did not, and the SQLSTATE of the refusal. */
export async function logInUntilRefused(cluster: Cluster, role: string, atMost: number): Promise<unknown> {
  const db = await cluster.database()
  for (let count = 0; count < atMost; count++) {
    const refusal = await refusalOf(db, role)
    if (refusal !== undefined) return { count, refusal }
  }
  return { count: atMost, refusal: undefined }
}

async function refusalOf(db: Database, role: string): Promise<string | undefined> {
  return db.as(role).then(
    () => undefined,
    ({ code }: { code?: string }) => code,
  )
}

/** Databases of the server that this role may connect to, by name. */
export function databasesOpenTo(db: Session, role: string): Promise<string[]> {
  return db.column(
    `select datname from pg_database where datallowconn and has_database_privilege($1, oid, 'connect') order by 1`,
    [role],
  )
}
