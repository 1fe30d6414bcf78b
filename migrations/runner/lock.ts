// One runner at a time per database. The lock is asked for again and again instead of waited for: a runner blocked
// in pg_advisory_lock holds a snapshot, and a concurrent index build that waits for it deadlocks.
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { EXIT, Refusal } from './refusal.ts'

/** Distinguishes this ledger's lock from other advisory locks of the database. */
const KEY = `hashtext('ops.schema_migration'), hashtext(current_database())`

/** Takes the lock within `waitSeconds`, or throws Refusal (exit 5) that names who holds it. */
export async function takeLock(client: pg.Client, waitSeconds: number): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000
  while (!(await tryLock(client))) {
    if (performance.now() >= deadline) throw await heldBy(client, waitSeconds)
    await pause(50 + Math.random() * 150)
  }
  await confirmLock(client)
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select pg_try_advisory_lock(${KEY}) as taken`)
  return rows[0].taken
}

/** Behind a transaction pooler the lock would be another backend's, and protect nobody. */
async function confirmLock(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted
        and database = (select oid from pg_database where datname = current_database())`,
  )
  if (rowCount !== 0) return
  throw new Refusal(
    EXIT.refused,
    'The lock is not held by this connection: there is a transaction pooler in between.',
    'point HMA_DATABASE_URL at the server itself.',
  )
}

async function heldBy(client: pg.Client, waitSeconds: number): Promise<Refusal> {
  const { rows } = await client.query<{ who: string }>(
    `select format('process %s, %s as %s, connected for %s s', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
                   a.usename, extract(epoch from clock_timestamp() - a.backend_start)::int) as who
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objsubid = 2
        and (l.classid, l.objid) = (select hashtext('ops.schema_migration')::bigint & 4294967295, hashtext(current_database())::bigint & 4294967295)`,
  )
  const holder = rows[0]?.who ?? 'a runner that has just ended'
  return new Refusal(
    EXIT.locked,
    `The lock was not free within ${waitSeconds} s; it is held by ${holder}.`,
    'wait for it, or end it with pg_terminate_backend, then run again.',
  )
}
