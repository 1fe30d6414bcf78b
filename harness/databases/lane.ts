// A worker's own queue of one: while a test runs, the next database is leased and its connection opened, because
// connecting costs a third of what a fresh database costs.
import type { BrokerClient } from '../broker/client.ts'
import type { DatabaseLease } from '../broker/protocol.ts'
import { openSession, type Session } from './session.ts'

export interface OpenDatabase {
  lease: DatabaseLease
  owner: Session
}

export interface Lane {
  /** A fresh clone with an open connection, and how long the caller had to wait for it in milliseconds. */
  take(): Promise<OpenDatabase & { waitedMs: number }>
}

/** Starts no work until the first `take`. */
export function openLane(broker: BrokerClient, kind: string): Lane {
  let ahead: Promise<OpenDatabase> | undefined
  return {
    async take() {
      const began = performance.now()
      const current = ahead ?? prepare(broker, kind)
      ahead = undefined
      const database = await current
      ahead = prepare(broker, kind)
      ahead.catch(() => {})
      return { ...database, waitedMs: performance.now() - began }
    },
  }
}

async function prepare(broker: BrokerClient, kind: string): Promise<OpenDatabase> {
  const lease = await broker.ask('lease database', { kind })
  return { lease, owner: await openSession({ ...lease, database: lease.name }) }
}
