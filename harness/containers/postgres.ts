// Postgres for specs: data in memory and no durability, because the container is thrown away with its data. For benchmarks
// it may be as durable as in production.
import { PostgreSqlContainer } from '@testcontainers/postgresql'
import { type GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { type RunningContainer, type ServiceOptions, startContainer } from './container.ts'
import { MAX_CONNECTIONS, queryOnce } from './postgres-client.ts'

export interface PostgresServer {
  container: RunningContainer
  host: string
  port: number
  user: string
  password: string
  version: string
  /** The limit of all its data together. */
  dataBytes: number
}

/** For private clusters. Published when the container starts, because the engine publishes no port later. */
export const CLUSTER_PORTS = [5433, 5434, 5435, 5436, 5437, 5438]

/** Time, process, database; the last only where a session has one. `postgres/server-log.ts` reads it. */
export const LOG_LINE_PREFIX = '%m [%p] %q[%d] '

/** A volume of the image, unless something else is mounted there. */
const DATA = '/var/lib/postgresql/data'

/** WAL is capped because data lives on a tmpfs: with the stock 1 GB some 40 clones ended in SQLSTATE 53100. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  autovacuum: 'off',
  shared_buffers: '256MB',
  jit: 'off',
}

const DURABLE = { shared_buffers: '256MB' }

/** Each clone by file_copy makes two checkpoints, which would fill the log. */
const ALWAYS = {
  max_connections: `${MAX_CONNECTIONS}`,
  log_line_prefix: LOG_LINE_PREFIX,
  log_checkpoints: 'off',
}

export interface PostgresOptions extends ServiceOptions {
  /**
   * `durable` keeps what decides the cost of a write in production: its settings, and a disk instead of memory. The data then
   * lies in the volume that the image declares, and goes with the container. For benchmarks.
   */
  profile?: 'fast' | 'durable'
}

/** Returns once Postgres has answered a query over TCP. */
export async function startPostgres(owner: Ownership, options: PostgresOptions): Promise<PostgresServer> {
  const { password, profile = 'fast' } = options
  const user = 'postgres'
  const dataBytes = dataBudget((await getContainerRuntimeClient()).info.containerRuntime.memory)
  let version = ''
  const container = await startContainer(owner, {
    ...options,
    service: 'postgres',
    container: assemble(options, user, profile === 'durable' ? undefined : dataBytes),
    isReady: async ({ host, port }) => {
      const login = { host, port: port(5432), user, password, database: 'postgres' }
      const rows = await queryOnce<{ server_version: string }>(login, 'show server_version')
      version = rows[0]?.server_version ?? ''
    },
  })
  const { host } = container
  return { container, host, port: container.port(5432), user, password, version, dataBytes }
}

/** Without a health check of ours, the module runs pg_isready four times a second for the whole run. */
function assemble(
  { image, password }: PostgresOptions,
  user: string,
  tmpfsBytes: number | undefined,
): GenericContainer {
  const isOnDisk = tmpfsBytes === undefined
  return new PostgreSqlContainer(image.reference)
    .withDatabase('postgres')
    .withUsername(user)
    .withPassword(password)
    .withExposedPorts(...CLUSTER_PORTS)
    .withHealthCheck({ test: ['CMD', 'true'], interval: HOUR_MS })
    .withUlimits({ data: { soft: PROCESS_BYTES, hard: PROCESS_BYTES } })
    .withTmpFs(isOnDisk ? {} : { [DATA]: `rw,size=${tmpfsBytes}` })
    .withEnvironment({
      POSTGRES_INITDB_ARGS: `${isOnDisk ? '' : '--no-sync '}--locale=C.UTF-8 --encoding=UTF8`,
      PGDATA: `${DATA}/cluster`,
    })
    .withCommand(['postgres', ...settings({ ...ALWAYS, ...(isOnDisk ? DURABLE : FAST) })])
}

/** Of the memory of one process; as in production, so that one statement cannot end the server. */
const PROCESS_BYTES = 512 * 2 ** 20
const HOUR_MS = 3_600_000
const GIBIBYTE = 2 ** 30

/** A tmpfs is memory: a third of what the engine's machine has, at most 8 GiB, and never less than a run needs. */
export function dataBudget(memoryBytes: number): number {
  return Math.max(GIBIBYTE / 2, Math.min(8 * GIBIBYTE, Math.floor(memoryBytes / 3)))
}

function settings(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
