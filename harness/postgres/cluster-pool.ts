// Private clusters in the container of Postgres: each a copy of a prepared data directory with a postmaster and a published
// port of its own. A container for each would take ten times as long.
import { once } from '../../config/once.ts'
import { CLUSTER_PORTS, type PostgresServer } from '../containers/postgres.ts'
import { type ClusterServer, clusterAt, prepareCluster } from './cluster-server.ts'

/** The filled database of every cluster. */
export const CLUSTER_DATABASE = 'main'

export interface ClusterPool {
  /** A started cluster. Waits while all ports are in use. */
  take(): Promise<ClusterServer>
  /** Prepares a new data directory for the next clusters, because what fills a database has changed. */
  renew(): void
}

/** Prepares nothing until the first `take`. `fill` fills an empty database. */
export function openClusterPool(
  server: () => Promise<PostgresServer>,
  fill: (database: { url: string; name: string }) => Promise<void>,
): ClusterPool {
  const ports = openPorts()
  let prepared = 0
  const prepare = () =>
    once(() =>
      ports.use(async (port) => {
        const name = `prepared_${++prepared}`
        await prepareCluster(await server(), { name, port, database: CLUSTER_DATABASE, fill })
        return name
      }),
    )
  let directory = prepare()
  return {
    async take() {
      const [source, postgres, port] = await Promise.all([directory(), server(), ports.take()])
      const cluster = clusterAt(postgres, `cluster_${port}`, port)
      const remove = () => cluster.remove().finally(() => ports.release(port))
      await cluster.startFrom(source).catch(async (error) => {
        await remove().catch(() => {})
        throw error
      })
      return { ...cluster, remove }
    },
    renew: () => {
      directory = prepare()
    },
  }
}

interface Ports {
  /** The next free port; waits while there is none. */
  take(): Promise<number>
  release(port: number): void
  use<T>(work: (port: number) => Promise<T>): Promise<T>
}

function openPorts(): Ports {
  const free = [...CLUSTER_PORTS]
  const waiting: ((port: number) => void)[] = []
  const take = async () => free.shift() ?? new Promise<number>((resolve) => waiting.push(resolve))
  const release = (port: number) => {
    const next = waiting.shift()
    if (next) next(port)
    else free.push(port)
  }
  return {
    take,
    release,
    async use(work) {
      const port = await take()
      return work(port).finally(() => release(port))
    },
  }
}
