// One runner at a time per database. The runner polls for the lock instead of waiting in the server: a session blocked in
// pg_advisory_lock holds a snapshot, and a concurrent index build that waits for that snapshot deadlocks.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** Distinguishes the runner's lock from other advisory locks of the database. */
const KEY = `hashtext('ops.schema_migration'), hashtext(current_database())`

/** Process id of the session that holds the lock of this key. */
const HOLDERS = `select pid from pg_locks
   where locktype = 'advisory' and granted and objsubid = 2
     and database = (select oid from pg_database where datname = current_database())
     and (classid, objid) = (hashtext('ops.schema_migration')::bit(32)::bigint::oid, hashtext(current_database())::bit(32)::bigint::oid)`

/** Takes the lock within `waitSeconds`, or throws CliError (exit 5) that names who holds it. */
export async function takeLock(client: pg.Client, waitSeconds: number): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000
  while (!(await tryLock(client))) {
    if (performance.now() >= deadline) throw await lockTimeout(client, waitSeconds)
    await pause(50 + Math.random() * 150)
  }
  const { rows } = await client.query<{ pid: number }>(HOLDERS)
  if (rows[0]?.pid !== backendPidOf(client)) throw poolerDetected()
}

/**
 * Behind a transaction pooler the lock would belong to the pooler's session and protect nothing. A pooler is detected when the
 * backend that runs the statement is not the one that the connection was made with; then no lock is taken, because it would
 * remain with the pooler's session.
 */
async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean | null }>(
    `select case when pg_backend_pid() = ${Number(backendPidOf(client))} then pg_try_advisory_lock(${KEY}) end as taken`,
  )
  if (rows[0]?.taken == null) throw poolerDetected()
  return rows[0].taken
}

/** The backend that the connection was made with, as it reported at the start. */
function backendPidOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID
}

function poolerDetected(): CliError {
  return new CliError({
    what: "HMA_DATABASE_URL points to a pooler; the lock would belong to the pooler's session.",
    next: 'set HMA_DATABASE_URL to the server itself.',
    exitCode: EXIT.refused,
    facts: { pooler: true },
  })
}

interface Holder {
  pid: number
  application: string
  user: string
  connectedSeconds: number | null
}

async function lockTimeout(client: pg.Client, waitSeconds: number): Promise<CliError> {
  const { rows } = await client.query<Holder>(
    `select pid, application_name as application, usename as user,
            extract(epoch from clock_timestamp() - backend_start)::int as "connectedSeconds"
       from pg_stat_activity where pid in (${HOLDERS})`,
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
