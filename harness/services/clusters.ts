// More Postgres clusters in the same container: a copy of a prepared data directory, a postmaster of its own, and one of
// the ports that the container published at its start. For what reaches beyond a database: roles, ALTER SYSTEM, a crash,
// a restore. A new container would cost ten times as much.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { LOG_LINE_PREFIX } from '../databases/server-log.ts'
import { once } from '../once.ts'
import { Trouble } from '../trouble.ts'
import { runInside, startInside } from './inside.ts'
import type { PostgresServer } from './postgres.ts'

/** Published when the container starts, because the engine publishes nothing later. */
export const CLUSTER_PORTS = [5433, 5434, 5435, 5436, 5437, 5438]

/** The database that every cluster brings along, filled like the template. */
export const CLUSTER_DATABASE = 'main'

export type StopMode = 'smart' | 'fast' | 'immediate'

export interface ClusterServer {
  host: string
  port: number
  /** Its port inside of the container. */
  inside: number
  stop(mode: StopMode): Promise<void>
  /** Resolves once it answers a query; crash recovery included. */
  start(): Promise<void>
  log(): Promise<string>
  remove(): Promise<void>
}

export interface Clusters {
  /** A cluster of one's own, started. Waits while all ports are taken. */
  take(): Promise<ClusterServer>
  /** Prepares the data directory that clusters are copied from, once. */
  warm(): Promise<void>
  /** Forgets it, because what fills a database has changed. */
  renew(): void
}

const USER = 'postgres'
const ROOT = '/var/lib/postgresql/data'
const START_WITHIN_MS = 30_000
const POLL_MS = 10

/** As in production where it matters for backup, replication and recovery; only what a power cut needs is off. */
const SETTINGS = {
  listen_addresses: '*',
  max_connections: '50',
  shared_buffers: '32MB',
  fsync: 'off',
  wal_level: 'replica',
  max_wal_size: '128MB',
  autovacuum: 'off',
  jit: 'off',
  log_line_prefix: LOG_LINE_PREFIX,
}

/** The password comes from the container's own environment, so that it is in no process list. */
const INIT = `
cd ${ROOT}; rm -rf "$1" "$1.log"
initdb -D "$1" --username=${USER} --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") \\
  --auth-local=trust --auth-host=scram-sha-256 --no-sync --locale=C.UTF-8 --encoding=UTF8
printf 'host all all all scram-sha-256\\n' >> "$1/pg_hba.conf"
printf '%s\\n' "$2" >> "$1/postgresql.conf"`

/** In the foreground of its own command: an orphan would be adopted by the container's first process, which is the other
 * postmaster, and that one takes the crash of a child it does not know for a reason to restart. */
const COPY_AND_RUN = `cd ${ROOT}; rm -rf "$1" "$1.log"; cp -a "$3" "$1"; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const RUN = `cd ${ROOT}; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const STOP = `pg_ctl -D ${ROOT}/"$1" -m "$2" -t 20 -w stop`
const REMOVE = `cd ${ROOT}; pg_ctl -D "$1" -m immediate -t 5 -w stop || true; rm -rf "$1" "$1.log"`

/** Makes nothing until the first demand. `fill` fills an empty database, as the template's recipe does. */
export function supplyClusters(
  server: () => Promise<PostgresServer>,
  fill: (database: { url: string; name: string }) => Promise<void>,
): Clusters {
  const free = [...CLUSTER_PORTS]
  const waiting: ((port: number) => void)[] = []
  const takePort = async () => free.shift() ?? new Promise<number>((resolve) => waiting.push(resolve))
  const giveBack = (port: number) => {
    const next = waiting.shift()
    if (next) next(port)
    else free.push(port)
  }
  let seeds = 0
  const startSeed = () =>
    once(async () => {
      const port = await takePort()
      try {
        return await prepareSeed(await server(), `seed_${++seeds}`, port, fill)
      } finally {
        giveBack(port)
      }
    })
  let seed = startSeed()
  return {
    async take() {
      const [from, on] = await Promise.all([seed(), server()])
      const port = await takePort()
      const cluster = clusterAt(on, `cluster_${port}`, port, () => giveBack(port))
      await cluster.startFrom(from)
      return cluster
    },
    warm: async () => void (await seed()),
    renew: () => {
      seed = startSeed()
    },
  }
}

async function prepareSeed(
  server: PostgresServer,
  name: string,
  port: number,
  fill: (database: { url: string; name: string }) => Promise<void>,
): Promise<string> {
  const lines = Object.entries(SETTINGS).map(([setting, value]) => `${setting} = '${value}'`)
  await runInside(server.container.id, USER, INIT, [name, lines.join('\n')])
  const cluster = clusterAt(server, name, port, () => {})
  await cluster.start()
  const { host, port: published } = cluster
  const url = `postgres://${server.user}:${server.password}@${host}:${published}`
  await withClient(`${url}/postgres`, (client) => client.query(`create database ${CLUSTER_DATABASE}`))
  await fill({ url: `${url}/${CLUSTER_DATABASE}`, name: CLUSTER_DATABASE })
  await cluster.stop('fast')
  return name
}

interface StartableCluster extends ClusterServer {
  /** Copies a prepared data directory first. */
  startFrom(seed: string): Promise<void>
}

function clusterAt(
  server: PostgresServer,
  name: string,
  port: number,
  onRemoved: () => void,
): StartableCluster {
  const { id } = server.container
  const address = { host: server.host, port: server.container.port(port), inside: port }
  const inContainer = (script: string, ...parts: string[]) => runInside(id, USER, script, parts)
  const log = () => inContainer(`cat ${ROOT}/"$1".log`, name)
  const run = async (script: string, ...parts: string[]) => {
    const ended = await startInside(id, USER, script, parts)
    await untilItAnswers(
      `postgres://${server.user}:${server.password}@${address.host}:${address.port}/postgres`,
      {
        ended,
        log,
      },
    )
  }
  return {
    ...address,
    log,
    start: () => run(RUN, name, `${port}`),
    startFrom: (seed) => run(COPY_AND_RUN, name, `${port}`, seed),
    stop: async (mode) => void (await inContainer(STOP, name, mode)),
    async remove() {
      await inContainer(REMOVE, name)
      onRemoved()
    },
  }
}

interface Watched {
  ended: () => Promise<number | undefined>
  log: () => Promise<string>
}

async function untilItAnswers(url: string, { ended, log }: Watched): Promise<void> {
  const deadline = performance.now() + START_WITHIN_MS
  for (;;) {
    const answered = await withClient(url, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    )
    if (answered) return
    const exitCode = await ended()
    if (exitCode !== undefined) throw await didNotStart(`ended with exit code ${exitCode}`, log)
    if (performance.now() > deadline)
      throw await didNotStart(`gave no answer within ${START_WITHIN_MS / 1000} s`, log)
    await pause(POLL_MS)
  }
}

async function didNotStart(how: string, log: () => Promise<string>): Promise<Trouble> {
  const tail = (await log().catch(() => '')).trimEnd().split('\n').slice(-12)
  return new Trouble({
    what: `A cluster ${how}. Its last lines:\n${tail.map((line) => `    ${line}`).join('\n')}`,
    where: 'a cluster inside of the container of postgres',
    next: 'read its last lines above.',
    exitCode: 3,
  })
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000, query_timeout: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
