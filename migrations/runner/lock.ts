// One runner at a time per database. The lock is asked for again and again instead of waited for: a runner blocked
// in pg_advisory_lock holds a snapshot, and a concurrent index build that waits for it deadlocks.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'

/** Distinguishes this ledger's lock from other advisory locks, which are each a database's own. */
const KEY = `hashtext('ops.schema_migration'), hashtext(current_database())`

/** Who has the lock of this key, as pg_locks writes it. */
const HOLDERS = `select pid from pg_locks
   where locktype = 'advisory' and granted and objsubid = 2
     and database = (select oid from pg_database where datname = current_database())
     and (classid, objid) = (hashtext('ops.schema_migration')::bit(32)::bigint::oid, hashtext(current_database())::bit(32)::bigint::oid)`

/** Takes the lock within `waitSeconds`, or throws CliError (exit 5) that names who holds it. */
export async function takeLock(client: pg.Client, waitSeconds: number): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000
  while (!(await tryLock(client))) {
    if (performance.now() >= deadline) throw await heldBy(client, waitSeconds)
    await pause(50 + Math.random() * 150)
  }
  const { rows } = await client.query<{ pid: number }>(HOLDERS)
  if (rows[0]?.pid !== processOf(client)) throw isPooled()
}

/**
 * Behind a transaction pooler the lock would be another session's, and protect nobody. It shows in that who answers is
 * not who the connection was made with; then no lock is taken, because it would stay with the pooler's connection.
 */
async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean | null }>(
    `select case when pg_backend_pid() = ${Number(processOf(client))} then pg_try_advisory_lock(${KEY}) end as taken`,
  )
  if (rows[0]?.taken == null) throw isPooled()
  return rows[0].taken
}

/** The server process that the connection was made with, as it said at the start. */
function processOf(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID
}

function isPooled(): CliError {
  return new CliError({
    what: 'There is a connection pooler in between, and the lock would be its own.',
    next: 'point HMA_DATABASE_URL at the server itself.',
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

async function heldBy(client: pg.Client, waitSeconds: number): Promise<CliError> {
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
