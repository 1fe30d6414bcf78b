// One runner at a time per database, and one prelude per server. The lock is on a table that only the owner of the schema may lock: anybody
// may hold an advisory lock. It ends with its transaction, so that of the database has a session of its own, which is idle while it holds the
// lock. The runner polls instead of waiting in the server: there it would hold a snapshot, and a concurrent index build that waits for that
// snapshot deadlocks.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { endConnection } from '../../config/postgres.ts'
import { OWNER } from './ledger.ts'
import { openSession } from './session.ts'

/** A lock that one runner at a time holds. */
interface Lock {
  /** Begins the transaction that holds it; fails at once where somebody else does. */
  begin: string
  /** Database and oid of the locked table, as pg_locks has them. */
  table: string
}

/** Conflicts with itself only. */
const LOCK = 'lock table guard.prelude in share update exclusive mode nowait'
const OF_THE_DATABASE: Lock = {
  begin: `begin; set local role ${OWNER}; ${LOCK}`,
  table: `select (select oid from pg_database where datname = current_database()), oid from pg_class
           where relname = 'prelude' and relnamespace = (select oid from pg_namespace where nspname = 'guard')`,
}

/** Of the whole server, for the prelude. Only superusers may lock this table, so nobody else can delay it. */
const OF_THE_SERVER: Lock = {
  begin: `begin; set local lock_timeout = '30s'; lock table pg_catalog.pg_parameter_acl in share row exclusive mode nowait`,
  table: `select 0::oid, 'pg_catalog.pg_parameter_acl'::regclass::oid`,
}

export type RunnerLock = AsyncDisposable

export const NO_LOCK: RunnerLock = { async [Symbol.asyncDispose]() {} }

/** Takes the lock within `waitSeconds`, or throws CliError (exit 5) that names who holds it. A worker whose lock is lost is disconnected. */
export async function takeLock(url: URL, worker: pg.Client, waitSeconds: number): Promise<RunnerLock> {
  const client = await openSession(url)
  let isHeld = true
  client.once('end', () => {
    if (isHeld) void worker.end()
  })
  const release = async () => {
    isHeld = false
    await endConnection(client)
  }
  try {
    await requireNoPooler(client)
    await waitForLock(client, OF_THE_DATABASE, waitSeconds)
    return { [Symbol.asyncDispose]: release }
  } catch (error) {
    await release()
    throw error
  }
}

/** Begins a transaction that holds the lock of the whole server, in the session of a superuser. Throws CliError (exit 5). */
export function beginAlone(client: pg.Client, waitSeconds: number): Promise<void> {
  return waitForLock(client, OF_THE_SERVER, waitSeconds)
}

async function waitForLock(client: pg.Client, lock: Lock, waitSeconds: number): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000
  while (!(await tryLock(client, lock))) {
    if (performance.now() >= deadline) throw await lockTimeout(client, lock, waitSeconds)
    await pause(50 + Math.random() * 150)
  }
}

async function tryLock(client: pg.Client, { begin }: Lock): Promise<boolean> {
  try {
    await client.query(begin)
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error
    await client.query('rollback')
    return false
  }
}

/** Behind a transaction pooler the settings of the session would be those of the pooler's, which it shares. */
export async function requireNoPooler(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  if (rows[0]?.pid === backendPidOf(client)) return
  throw new CliError({
    what: 'HMA_DATABASE_URL points to a pooler, which shares its sessions.',
    next: 'set HMA_DATABASE_URL to the server itself.',
    exitCode: EXIT.refused,
    facts: { pooler: true },
  })
}

/** The backend that the connection was made with, as it reported at the start. */
function backendPidOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID
}

interface Holder {
  pid: number
  application: string
  user: string
  connectedSeconds: number | null
}

async function lockTimeout(client: pg.Client, { table }: Lock, waitSeconds: number): Promise<CliError> {
  const { rows } = await client.query<Holder>(
    `select a.pid, a.application_name as application, a.usename as user,
            extract(epoch from clock_timestamp() - a.backend_start)::int as "connectedSeconds"
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.granted and l.mode <> 'AccessShareLock' and (l.database, l.relation) = (${table})`,
  )
  const [holder] = rows
  const who = holder
    ? `process ${holder.pid}, ${holder.application || 'unnamed'} as ${holder.user}, connected for ${holder.connectedSeconds ?? '?'} s`
    : 'a runner that has just ended'
  return new CliError({
    what: `The lock was not free within ${waitSeconds} s; it is held by ${who}.`,
    next: 'wait for it, or end it with pg_terminate_backend, then run again.',
    exitCode: EXIT.locked,
    facts: { holder: holder ?? null },
  })
}
