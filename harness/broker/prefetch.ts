// A worker's own queue of one: while a test runs, the next database is leased and its connection opened, because
// connecting costs a third of what a fresh database costs.

import { openSession, type Session } from '../postgres/session.ts'
import type { BrokerClient } from './client.ts'
import type { DatabaseLease } from './protocol.ts'

export interface OpenDatabase {
  lease: DatabaseLease
  owner: Session
}

export interface Lane {
  /** A fresh clone with an open connection, and how long the caller had to wait for it in milliseconds. */
  take(): Promise<OpenDatabase & { waitedMs: number }>
}

interface Ahead {
  generation: number
  database: Promise<OpenDatabase>
}

/**
 * Starts no work until the first `take`. In watch mode the template may be another by the next run: `generation` counts
 * them, and what was leased ahead of an older one is given back unused.
 */
export function openLane(broker: BrokerClient, kind: string, generation: () => number = () => 0): Lane {
  const prepare = (): Ahead => {
    const database = openDatabase(broker, kind)
    database.catch(() => {})
    return { generation: generation(), database }
  }
  let ahead: Ahead | undefined
  return {
    async take() {
      const began = performance.now()
      if (ahead && ahead.generation !== generation()) ahead = giveBack(broker, ahead)
      const current = ahead ?? prepare()
      ahead = undefined
      const database = await current.database
      ahead = prepare()
      return { ...database, waitedMs: performance.now() - began }
    },
  }
}

async function openDatabase(broker: BrokerClient, kind: string): Promise<OpenDatabase> {
  const lease = await broker.ask('lease database', { kind })
  return { lease, owner: await openSession({ ...lease, database: lease.name }) }
}

function giveBack(broker: BrokerClient, { database }: Ahead): undefined {
  const release = async ({ lease, owner }: OpenDatabase) => {
    await owner.close()
    await broker.ask('release', { id: lease.id, keep: false })
  }
  database.then(release).catch(() => {})
}
