// What the broker grants to a worker: how to log in to a database, or to a whole cluster, for the time of one test.

export interface ServerLogin {
  host: string
  port: number
  user: string
  password: string
}

export interface DatabaseLease extends ServerLogin {
  id: number
  name: string
  /** Passwords of the login roles, by role name. */
  roles: Record<string, string>
  /** Shell command that opens this database on the engine's machine. */
  openWith: string
}

/** A private cluster with one filled database. */
export interface ClusterLease extends Omit<DatabaseLease, 'name'> {
  /** Name of its filled database. */
  database: string
}
