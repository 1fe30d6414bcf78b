// A cluster of the test's own, for what reaches beyond a database: roles, ALTER SYSTEM, a crash, a restore.
import type { BrokerClient } from '../broker/client.ts'
import type { ClusterLease } from '../broker/protocol.ts'
import type { StopMode } from '../containers/clusters.ts'
import { type Database, databaseOf } from './database.ts'
import { openSession, type Session } from './session.ts'

export interface Cluster {
  host: string
  port: number
  /** Passwords of the login roles, by role name. */
  passwords: Record<string, string>
  /** Its filled database, or another by name. Opens a session as superuser, so after a restart ask again. */
  database(name?: string): Promise<Database>
  /** One more database, with nothing in it. */
  createEmpty(name: string): Promise<Database>
  /** Logs in to the filled database as that role; refuses one that nothing binds. */
  as(role: string): Promise<Session>
  /** `immediate` is a crash: what was not written is recovered at the next start. */
  stop(mode?: StopMode): Promise<void>
  /** Resolves once it answers. Throws CliError with its last lines if it does not. */
  start(): Promise<void>
  /** Everything this cluster's server has logged so far. */
  log(): Promise<string>
  /** Ends every session opened through it. */
  close(): Promise<void>
}

/** What a test does with its cluster; the broker does the rest. */
export function clusterOf(broker: BrokerClient, lease: ClusterLease): Cluster {
  const opened: Database[] = []
  const open = async (name: string) => {
    const owner = await openSession({ ...lease, database: name })
    const database = databaseOf({ ...lease, name }, owner)
    opened.push(database)
    return database
  }
  const { id, host, port, roles: passwords, database: filled } = lease
  return {
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
    stop: async (mode = 'fast') => void (await broker.ask('stop cluster', { id, mode })),
    start: async () => void (await broker.ask('start cluster', { id })),
    log: () => broker.ask('read cluster log', { id }),
    async close() {
      await Promise.all(opened.map((database) => database.close()))
    },
  }
}
