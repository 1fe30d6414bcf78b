// The verbs specs use for runners at work: stopped at a chosen point, watched, and killed.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Database, Project, Session } from '../../harness/index.ts'
import { expect } from '../../harness/index.ts'
import { environmentOf } from './migrations.ts'

/** In a migration: waits as long as the gate is shut. */
export const GATE = 'select pg_advisory_xact_lock(7)'

/** Shuts the gate; opened by closing the session. */
export async function shutGate(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('select pg_advisory_lock(7)')
  return session
}

/** A session whose snapshot a concurrent index build has to wait for. */
export async function holdSnapshot(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('begin isolation level repeatable read; select 1 from pg_class')
  return session
}

/** A session that writes to users, which a concurrent index build has to wait for before it may begin to look. */
export async function holdWrite(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('begin; update auth.users set email = email where false')
  return session
}

/** Returns once a runner stands at the gate. */
export async function seenAtGate(db: Database): Promise<void> {
  await seen(db, `wait_event_type = 'Lock' and wait_event = 'advisory'`)
}

/** Returns once a runner that builds an index waits for other transactions. */
export async function seenBuilding(db: Database): Promise<void> {
  await seen(db, `wait_event_type = 'Lock' and wait_event = 'virtualxid'`)
}

/** Returns once a runner asks for the lock that another one holds. */
export async function seenAskingForLock(db: Database): Promise<void> {
  await seen(
    db,
    `query like '%advisory\\_lock%' and pid not in (select pid from pg_locks where locktype = 'advisory' and granted)`,
  )
}

/** Returns once a runner is in a statement that begins like this. */
export async function seenRunning(db: Database, statement: string): Promise<void> {
  await seen(db, `state = 'active' and query like '%${statement}%'`)
}

/** Returns once a runner waits for this table. */
export async function seenWaitingFor(db: Database, table: string): Promise<void> {
  await seen(db, `pid in (select pid from pg_locks where relation = '${table}'::regclass and not granted)`)
}

const RUNNERS = `from pg_stat_activity where datname = current_database() and application_name = 'hma migrate'`

async function seen(db: Database, condition: string): Promise<void> {
  const ask = () => db.value<boolean>(`select exists (select ${RUNNERS} and ${condition})`)
  await expect.poll(ask, { timeout: 10_000, interval: 20 }).toBe(true)
}

/** Returns once the server has noticed that every runner is gone. */
export async function seenGone(db: Database): Promise<void> {
  await expect.poll(() => connectionsOfRunners(db), { timeout: 10_000, interval: 20 }).toEqual([])
}

/** Process ids of the runners' connections. */
export async function connectionsOfRunners(db: Database): Promise<number[]> {
  return (await db.query<{ pid: number }>(`select pid ${RUNNERS}`)).map(({ pid }) => pid)
}

export function startRunner(project: Project, db: Database, ...parts: string[]): ChildProcess {
  return project.start('scripts/migrate.sh', parts, { environment: environmentOf(db) })
}

/** Ends it as the kernel would, with no chance to tidy up. */
export async function kill(runner: ChildProcess): Promise<void> {
  const gone = once(runner, 'exit')
  process.kill(-(runner.pid ?? Number.NaN), 'SIGKILL')
  await gone
}

/** Asks it to stop, as Ctrl-C and a container's end do; returns its exit code. */
export async function stop(runner: ChildProcess): Promise<number | null> {
  const gone = once(runner, 'exit')
  runner.kill('SIGTERM')
  const [exitCode] = await gone
  return exitCode
}

/** Whether the index of that name may be used; no row where there is none. */
export function validityOf(db: Database, index: string): Promise<unknown[]> {
  return db.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [index])
}
