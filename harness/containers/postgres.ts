// Postgres for specs: data in memory and no durability, because the container is thrown away with its data. For benchmarks
// it may be as durable as in production.
import pg from 'pg'
import { getContainerRuntimeClient } from 'testcontainers'
import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { LOG_LINE_PREFIX } from '../postgres/server-log.ts'
import { MAX_CONNECTIONS } from '../postgres/session.ts'
import { CLUSTER_PORTS } from './clusters.ts'
import { type RunningContainer, startContainer } from './container.ts'

export interface PostgresServer {
  container: RunningContainer
  host: string
  port: number
  user: string
  password: string
  version: string
  /** How much all its data may grow to. */
  dataBytes: number
}

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

/** Cloning by file_copy is two checkpoints each, and nobody needs to read of them. */
const ALWAYS = {
  max_connections: `${MAX_CONNECTIONS}`,
  log_line_prefix: LOG_LINE_PREFIX,
  log_checkpoints: 'off',
}

export interface PostgresPlan {
  image: ResolvedImage
  network: string
  password: string
  /**
   * `durable` keeps what decides the cost of a write in production: its settings, and a disk instead of memory. The data then
   * lies in the volume that the image declares, and goes with the container. For benchmarks.
   */
  profile?: 'fast' | 'durable'
}

/** Boots Postgres and returns once it has answered a query over TCP. */
export async function startPostgres(owner: Ownership, plan: PostgresPlan): Promise<PostgresServer> {
  const user = 'postgres'
  const credentials = { user, password: plan.password, database: 'postgres' }
  const dataBytes = dataBudget((await getContainerRuntimeClient()).info.containerRuntime.memory)
  const onDisk = plan.profile === 'durable'
  let version = ''
  const container = await startContainer(owner, {
    service: 'postgres',
    image: plan.image,
    network: plan.network,
    ports: [5432, ...CLUSTER_PORTS],
    tmpfs: onDisk ? {} : { [DATA]: `rw,size=${dataBytes}` },
    environment: {
      POSTGRES_PASSWORD: plan.password,
      POSTGRES_INITDB_ARGS: `${onDisk ? '' : '--no-sync '}--locale=C.UTF-8 --encoding=UTF8`,
      PGDATA: `${DATA}/cluster`,
    },
    command: ['postgres', ...settings({ ...ALWAYS, ...(onDisk ? DURABLE : FAST) })],
    answers: async ({ host, port }) => {
      version = await askVersion({ ...credentials, host, port: port(5432) })
    },
  })
  const { host } = container
  return { container, host, port: container.port(5432), user, password: plan.password, version, dataBytes }
}

const GIBIBYTE = 2 ** 30

/** A tmpfs is memory: a third of what the engine's machine has, at most 8 GiB, and never less than a run needs. */
export function dataBudget(memoryBytes: number): number {
  return Math.max(GIBIBYTE / 2, Math.min(8 * GIBIBYTE, Math.floor(memoryBytes / 3)))
}

function settings(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function askVersion(config: pg.ClientConfig): Promise<string> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 2000, query_timeout: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  } finally {
    await client.end().catch(() => {})
  }
}
