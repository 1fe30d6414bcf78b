// One cluster inside of the container of Postgres: its data directory and its postmaster.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import { LOG_LINE_PREFIX } from '../postgres/server-log.ts'
import { lastLinesOf, runInside, startInside } from './inside.ts'
import type { PostgresServer } from './postgres.ts'

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

interface StartableCluster extends ClusterServer {
  /** Copies a prepared data directory first. */
  startFrom(seed: string): Promise<void>
}

interface Preparation {
  name: string
  port: number
  database: string
  fill: (database: { url: string; name: string }) => Promise<void>
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
  log_checkpoints: 'off',
  log_line_prefix: LOG_LINE_PREFIX,
}

/** The password comes from the container's own environment, so that it is in no process list. */
const INIT = `
cd ${ROOT}; rm -rf "$1" "$1.log"
initdb -D "$1" --username=${USER} --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") \\
  --auth-local=trust --auth-host=scram-sha-256 --no-sync --locale=C.UTF-8 --encoding=UTF8
printf 'host all all all scram-sha-256\\n' >> "$1/pg_hba.conf"
printf '%s\\n' "$2" >> "$1/postgresql.conf"`

/**
 * In the foreground of its own command: an orphan would be adopted by the container's first process, which is the other
 * postmaster, and that one takes the crash of a child it does not know for a reason to restart.
 */
const RUN = `cd ${ROOT}; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const COPY_AND_RUN = `cd ${ROOT}; rm -rf "$1" "$1.log"; cp -a "$3" "$1"; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const STOP = `pg_ctl -D ${ROOT}/"$1" -m "$2" -t 20 -w stop`
const REMOVE = `cd ${ROOT}; pg_ctl -D "$1" -m immediate -t 5 -w stop || true; rm -rf "$1" "$1.log"`

/** A new cluster with one filled database, stopped cleanly, so that copies of it start without recovery. */
export async function prepareCluster(
  server: PostgresServer,
  { name, port, database, fill }: Preparation,
): Promise<void> {
  const lines = Object.entries(SETTINGS).map(([setting, value]) => `${setting} = '${value}'`)
  await runInside(server.container.id, USER, INIT, [name, lines.join('\n')])
  const cluster = clusterAt(server, name, port)
  await cluster.start()
  const url = urlOf(server, cluster)
  await ask(`${url}/postgres`, `create database ${database}`)
  await fill({ url: `${url}/${database}`, name: database })
  await cluster.stop('fast')
}

/** Starts nothing by itself. */
export function clusterAt(server: PostgresServer, name: string, port: number): StartableCluster {
  const { id } = server.container
  const address = { host: server.host, port: server.container.port(port), inside: port }
  const run = (script: string, ...parts: string[]) => runInside(id, USER, script, [name, ...parts])
  const log = () => run(`cat ${ROOT}/"$1".log`)
  const launch = async (script: string, ...parts: string[]) => {
    const ended = await startInside(id, USER, script, [name, `${port}`, ...parts])
    return whyNotUp(`${urlOf(server, address)}/postgres`, ended)
  }
  return {
    ...address,
    log,
    async start() {
      const why = await launch(RUN)
      if (why !== undefined) throw await didNotStart(why, log, 1)
    },
    async startFrom(seed) {
      const why = await launch(COPY_AND_RUN, seed)
      if (why !== undefined) throw await didNotStart(why, log, 3)
    },
    stop: async (mode) => void (await run(STOP, mode)),
    remove: async () => void (await run(REMOVE)),
  }
}

/** Asks until it answers. Otherwise why it does not: it ended, or its time is over. */
async function whyNotUp(url: string, ended: () => Promise<number | undefined>): Promise<string | undefined> {
  const deadline = performance.now() + START_WITHIN_MS
  while (performance.now() < deadline) {
    const answered = await ask(url, 'select 1').catch(() => false)
    if (answered) return undefined
    const exitCode = await ended()
    if (exitCode !== undefined) return `ended with exit code ${exitCode}`
    await pause(POLL_MS)
  }
  return `gave no answer within ${START_WITHIN_MS / 1000} s`
}

/** With exit code 3 it is the machine's fault, with 1 that of whoever changed the cluster before. */
async function didNotStart(how: string, log: () => Promise<string>, exitCode: number): Promise<CliError> {
  return new CliError({
    what: `A cluster ${how}. Its last lines:\n${lastLinesOf(await log().catch(() => ''))}`,
    where: 'a cluster inside of the container of postgres',
    next: 'read its last lines.',
    exitCode,
  })
}

function urlOf({ user, password }: PostgresServer, { host, port }: { host: string; port: number }): string {
  return `postgres://${user}:${password}@${host}:${port}`
}

async function ask(connectionString: string, statement: string): Promise<true> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000, query_timeout: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(statement)
    return true
  } finally {
    await client.end().catch(() => {})
  }
}
