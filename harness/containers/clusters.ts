// More Postgres clusters in the same container: a copy of a prepared data directory, a postmaster of its own, and one of
// the ports that the container published at its start. For what reaches beyond a database: roles, ALTER SYSTEM, a crash,
// a restore. A new container would cost ten times as much.
import { once } from '../../config/once.ts'
import { type ClusterServer, clusterAt, prepareCluster, type StopMode } from './cluster.ts'
import type { PostgresServer } from './postgres.ts'

export type { ClusterServer, StopMode }

/** Published when the container starts, because the engine publishes nothing later. */
export const CLUSTER_PORTS = [5433, 5434, 5435, 5436, 5437, 5438]

/** The database that every cluster brings along, filled like the template. */
export const CLUSTER_DATABASE = 'main'

export interface Clusters {
  /** A cluster of one's own, started. Waits while all ports are taken. */
  take(): Promise<ClusterServer>
  /** Prepares the data directory that clusters are copied from, once. */
  warm(): Promise<void>
  /** Forgets it, because what fills a database has changed. */
  renew(): void
}

/** Makes nothing until the first demand. `fill` fills an empty database, as the template's recipe does. */
export function supplyClusters(
  server: () => Promise<PostgresServer>,
  fill: (database: { url: string; name: string }) => Promise<void>,
): Clusters {
  const ports = openPorts()
  let seeds = 0
  const startSeed = () =>
    once(() =>
      ports.use(async (port) => {
        const name = `seed_${++seeds}`
        await prepareCluster(await server(), { name, port, database: CLUSTER_DATABASE, fill })
        return name
      }),
    )
  let seed = startSeed()
  return {
    async take() {
      const [from, on, port] = await Promise.all([seed(), server(), ports.take()])
      const cluster = clusterAt(on, `cluster_${port}`, port)
      const remove = () => cluster.remove().finally(() => ports.giveBack(port))
      await cluster.startFrom(from).catch(async (error) => {
        await remove().catch(() => {})
        throw error
      })
      return { ...cluster, remove }
    },
    warm: async () => void (await seed()),
    renew: () => {
      seed = startSeed()
    },
  }
}

interface Ports {
  /** The next free one; waits while there is none. */
  take(): Promise<number>
  giveBack(port: number): void
  use<T>(work: (port: number) => Promise<T>): Promise<T>
}

function openPorts(): Ports {
  const free = [...CLUSTER_PORTS]
  const waiting: ((port: number) => void)[] = []
  const take = async () => free.shift() ?? new Promise<number>((resolve) => waiting.push(resolve))
  const giveBack = (port: number) => {
    const next = waiting.shift()
    if (next) next(port)
    else free.push(port)
  }
  return {
    take,
    giveBack,
    async use(work) {
      const port = await take()
      return work(port).finally(() => giveBack(port))
    },
  }
}
