// One more cluster in the container of Postgres: its data directory and its postmaster.
import { setTimeout as pause } from 'node:timers/promises'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { lastLinesOf } from '../containers/container-log.ts'
import { runScript, startScript } from '../containers/exec.ts'
import { LOG_LINE_PREFIX, type PostgresServer } from '../containers/postgres.ts'
import { queryOnce } from '../containers/postgres-client.ts'

export type StopMode = 'smart' | 'fast' | 'immediate'

export interface ClusterServer {
  host: string
  port: number
  containerPort: number
  stop(mode: StopMode): Promise<void>
  /** Resolves once it answers a query, after crash recovery where that is needed. */
  start(): Promise<void>
  log(): Promise<string>
  remove(): Promise<void>
}

interface StartableCluster extends ClusterServer {
  /** Starts it on a copy of a prepared data directory. */
  startFrom(directory: string): Promise<void>
}

interface ClusterOptions {
  name: string
  port: number
  database: string
  fill: (database: { url: string; name: string }) => Promise<void>
}

const USER = 'postgres'
const ROOT = '/var/lib/postgresql/data'
const START_WITHIN_MS = 30_000
const POLL_MS = 10

/** As in production where it matters for backup, replication and recovery; only what protects against a power cut is off. */
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

/** The password comes from the container's environment, so that no process list shows it. */
const INIT = `
cd ${ROOT}; rm -rf "$1" "$1.log"
initdb -D "$1" --username=${USER} --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") \\
  --auth-local=trust --auth-host=scram-sha-256 --no-sync --locale=C.UTF-8 --encoding=UTF8
printf 'host all all all scram-sha-256\\n' >> "$1/pg_hba.conf"
printf '%s\\n' "$2" >> "$1/postgresql.conf"`

/**
 * In the foreground of its own command. An orphan would become a child of the container's first process, which is the main
 * postmaster, and a postmaster restarts when an unknown child crashes.
 */
const RUN = `cd ${ROOT}; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const COPY_AND_RUN = `cd ${ROOT}; rm -rf "$1" "$1.log"; cp -a "$3" "$1"; exec postgres -D "$1" -p "$2" >> "$1.log" 2>&1`
const STOP = `pg_ctl -D ${ROOT}/"$1" -m "$2" -t 20 -w stop`
const REMOVE = `cd ${ROOT}; pg_ctl -D "$1" -m immediate -t 5 -w stop || true; rm -rf "$1" "$1.log"`

/** Creates a cluster with one filled database and stops it cleanly, so that copies of it start without recovery. */
export async function prepareCluster(
  server: PostgresServer,
  { name, port, database, fill }: ClusterOptions,
): Promise<void> {
  const lines = Object.entries(SETTINGS).map(([setting, value]) => `${setting} = '${value}'`)
  await runScript(server.container.id, USER, INIT, [name, lines.join('\n')])
  const cluster = clusterAt(server, name, port)
  await cluster.start()
  const url = urlOf(server, cluster)
  await queryOnce({ connectionString: `${url}/postgres` }, `create database ${database}`)
  await fill({ url: `${url}/${database}`, name: database })
  await cluster.stop('fast')
}

/** Does not start it. */
export function clusterAt(server: PostgresServer, name: string, port: number): StartableCluster {
  const { id } = server.container
  const address = { host: server.host, port: server.container.port(port), containerPort: port }
  const run = (script: string, ...args: string[]) => runScript(id, USER, script, [name, ...args])
  const log = () => run(`cat ${ROOT}/"$1".log`)
  const launch = async (script: string, ...args: string[]) => {
    const ended = await startScript(id, USER, script, [name, `${port}`, ...args])
    return whyNotReady(`${urlOf(server, address)}/postgres`, ended)
  }
  return {
    ...address,
    log,
    async start() {
      const why = await launch(RUN)
      if (why !== undefined) throw await startError(why, log, EXIT.failed)
    },
    async startFrom(directory) {
      const why = await launch(COPY_AND_RUN, directory)
      if (why !== undefined) throw await startError(why, log, EXIT.unreachable)
    },
    stop: async (mode) => void (await run(STOP, mode)),
    remove: async () => void (await run(REMOVE)),
  }
}

/** Queries until it answers; then undefined. Otherwise why it does not: it ended, or its time is over. */
async function whyNotReady(
  connectionString: string,
  ended: () => Promise<number | undefined>,
): Promise<string | undefined> {
  const deadline = performance.now() + START_WITHIN_MS
  while (performance.now() < deadline) {
    const answer = await queryOnce({ connectionString }, 'select 1').catch(() => undefined)
    if (answer !== undefined) return undefined
    const exitCode = await ended()
    if (exitCode !== undefined) return `ended with exit code ${exitCode}`
    await pause(POLL_MS)
  }
  return `gave no answer within ${START_WITHIN_MS / 1000} s`
}

/** Exit code 3 (environment) when a new copy does not start; 1 when a test changed the cluster and it does not start again. */
async function startError(how: string, log: () => Promise<string>, exitCode: number): Promise<CliError> {
  return new CliError({
    what: `A cluster ${how}. Its last lines:\n${lastLinesOf(await log().catch(() => ''))}`,
    where: 'a private cluster in the container of postgres',
    next: 'read its last lines.',
    exitCode,
  })
}

function urlOf({ user, password }: PostgresServer, { host, port }: { host: string; port: number }): string {
  return `postgres://${user}:${password}@${host}:${port}`
}
