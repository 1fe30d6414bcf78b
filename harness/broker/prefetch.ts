// A worker's next database: while a test runs, it is leased and its connection opened, because connecting takes a third of
// the time of a fresh database.
import type { DatabaseLease } from '../postgres/lease.ts'
import { openSession, type Session } from '../postgres/session.ts'
import type { BrokerClient } from './client.ts'

export interface OpenDatabase {
  lease: DatabaseLease
  owner: Session
}

export interface Prefetch {
  /** A fresh clone with an open connection, and how many milliseconds the caller waited for it. */
  take(): Promise<OpenDatabase & { waitedMs: number }>
}

interface Prefetched {
  generation: number
  database: Promise<OpenDatabase>
}

/**
 * Leases nothing until the first `take`. In watch mode the next run may have another template: `generation` counts them, and
 * a database of an older one is released unused.
 */
export function openPrefetch(
  broker: BrokerClient,
  kind: string,
  generation: () => number = () => 0,
): Prefetch {
  const prepare = (): Prefetched => {
    const database = openDatabase(broker, kind)
    database.catch(() => {})
    return { generation: generation(), database }
  }
  let next: Prefetched | undefined
  return {
    async take() {
      const began = performance.now()
      if (next && next.generation !== generation()) {
        release(broker, next)
        next = undefined
      }
      const current = next ?? prepare()
      next = undefined
      const database = await current.database
      next = prepare()
      return { ...database, waitedMs: performance.now() - began }
    },
  }
}

async function openDatabase(broker: BrokerClient, kind: string): Promise<OpenDatabase> {
  const lease = await broker.request('lease database', { kind })
  return { lease, owner: await openSession({ ...lease, database: lease.name }) }
}

function release(broker: BrokerClient, { database }: Prefetched): void {
  const closeAndRelease = async ({ lease, owner }: OpenDatabase) => {
    await owner.close()
    await broker.request('release', { id: lease.id, keep: false })
  }
  database.then(closeAndRelease).catch(() => {})
}
