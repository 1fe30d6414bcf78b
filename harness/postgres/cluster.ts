// The private cluster of one test, for what affects more than a database: roles, ALTER SYSTEM, a crash, a restore.
import type { StopMode } from './cluster-server.ts'
import { type Database, databaseOf } from './database.ts'
import type { ClusterLease } from './lease.ts'
import { openSession, type Session } from './session.ts'

/** The broker does this for the worker, because the postmaster is the broker's. */
export interface ClusterControl {
  /** `immediate` is a crash: the next start recovers what was committed. */
  stop(mode?: StopMode): Promise<void>
  /** Resolves once it answers a query. Throws CliError with its last lines if it does not. */
  start(): Promise<void>
  /** Everything that this cluster's server has logged. */
  log(): Promise<string>
}

export interface Cluster extends ClusterControl {
  host: string
  port: number
  /** Passwords of the login roles, by role name. */
  passwords: Record<string, string>
  /** Its filled database, or another by name. The superuser's session in it ends with the server: call it again after a restart. */
  database(name?: string): Promise<Database>
  /** One more database, empty. */
  createEmpty(name: string): Promise<Database>
  /** Logs in to the filled database as that role. Throws CliError for a superuser or a role with BYPASSRLS. */
  as(role: string): Promise<Session>
  /** Closes every session that was opened through it. */
  close(): Promise<void>
}

export function clusterOf(lease: ClusterLease, control: ClusterControl): Cluster {
  const opened: Database[] = []
  const open = async (name: string) => {
    const owner = await openSession({ ...lease, database: name })
    const database = databaseOf({ ...lease, name }, owner)
    opened.push(database)
    return database
  }
  const { host, port, roles: passwords, database: filled } = lease
  return {
    ...control,
    host,
    port,
    passwords,
    database: (name = filled) => open(name),
    async createEmpty(name) {
      const admin = await open('postgres')
      await admin.query(`create database ${name} template template0 strategy file_copy`)
      await admin.close()
      return open(name)
    },
    as: async (role) => (await open(filled)).as(role),
    async close() {
      await Promise.all(opened.map((database) => database.close()))
    },
  }
}
