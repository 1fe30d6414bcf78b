// Postgres for specs: data in memory and no durability, because the container is thrown away with its data.
import pg from 'pg'
import type { ResolvedImage } from '../images.ts'
import { type RunningContainer, startContainer } from './container.ts'
import type { Ownership } from './ownership.ts'

export interface PostgresServer {
  container: RunningContainer
  host: string
  port: number
  user: string
  password: string
  version: string
}

/** WAL is capped because data lives on a tmpfs: with the stock 1 GB some 40 clones ended in SQLSTATE 53100. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  autovacuum: 'off',
  max_connections: '300',
  shared_buffers: '256MB',
  jit: 'off',
}

const DURABLE = { max_connections: '300', shared_buffers: '256MB' }

export interface PostgresPlan {
  image: ResolvedImage
  network: string
  password: string
  /** `durable` keeps every setting that decides what a write costs in production; for benchmarks. */
  profile?: 'fast' | 'durable'
}

/** Boots Postgres and returns once it has answered a query over TCP. */
export async function startPostgres(owner: Ownership, plan: PostgresPlan): Promise<PostgresServer> {
  const user = 'postgres'
  const credentials = { user, password: plan.password, database: 'postgres' }
  let version = ''
  const container = await startContainer(owner, {
    service: 'postgres',
    image: plan.image,
    network: plan.network,
    ports: [5432],
    tmpfs: { '/var/lib/postgresql/data': 'rw,size=8g' },
    environment: {
      POSTGRES_PASSWORD: plan.password,
      POSTGRES_INITDB_ARGS: '--no-sync --locale=C.UTF-8 --encoding=UTF8',
      PGDATA: '/var/lib/postgresql/data/cluster',
    },
    command: ['postgres', ...settings(plan.profile === 'durable' ? DURABLE : FAST)],
    answers: async ({ host, port }) => {
      version = await askVersion({ ...credentials, host, port: port(5432) })
    },
  })
  return {
    container,
    host: container.host,
    port: container.port(5432),
    user,
    password: plan.password,
    version,
  }
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
