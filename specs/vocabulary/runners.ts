// Verbs for running migration runners: blocked at a chosen point, observed, and killed.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Database, Project, Session } from '../../harness/index.ts'
import { expect } from '../../harness/index.ts'
import { environmentOf } from './migrations.ts'

/** In a migration: waits while `holdGate` holds the lock. */
export const WAIT_AT_GATE = 'select pg_advisory_xact_lock(7)'

const WAIT = `create function public.wait() returns trigger language plpgsql as $$ begin
  perform pg_advisory_xact_lock(7); return coalesce(new, old); end $$`

/** Statements after which a runner waits at the gate before it writes to one of its own tables. */
export function gateBefore(table: string, write: 'insert' | 'update' | 'delete'): string {
  return `${WAIT}; create trigger gate before ${write} on ${table}
    for each row execute function public.wait()`
}

/** The same after the write, when the runner commits. */
export function gateAtCommit(table: string, write: 'insert' | 'delete'): string {
  return `${WAIT}; create constraint trigger gate after ${write} on ${table}
    deferrable initially deferred for each row execute function public.wait()`
}

/** Blocks runners at the gate until the session is closed. */
export async function holdGate(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('select pg_advisory_lock(7)')
  return session
}

/** A session with a snapshot that a concurrent index build waits for. */
export async function holdSnapshot(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('begin isolation level repeatable read; select 1 from pg_class')
  return session
}

/** A session that writes to users, which a concurrent index build waits for before it starts. */
export async function holdWrite(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query('begin; update auth.users set email = email where false')
  return session
}

/** A session that reads a table in an open transaction, which a change of the table waits for. */
export async function holdRead(db: Database, table = 'auth.users'): Promise<Session> {
  const session = await db.connect()
  await session.query(`begin; select 1 from ${table}`)
  return session
}

/**
 * Reads a table again and again for three seconds, each time in a transaction of its own. Fails with 55P03 where a read waits for a second:
 * ten times as long as a migration waits, so that a busy machine keeps it.
 */
export async function keepReading(db: Database, table = 'auth.users'): Promise<void> {
  const session = await db.connect()
  await session.query(`set lock_timeout = '1s'`)
  await session.query(`do $$ begin for i in 1 .. 300 loop
    perform from ${table} limit 1; commit; perform pg_sleep(0.01); end loop; end $$`)
}

/** What an error should say of the session that holds a lock. */
export interface Holder {
  pid: number
  application: string
  user: string
}

/** Holds the lock that a runner takes in this database. */
export function holdRunnerLock(db: Database): Promise<Holder> {
  return holdLock(db, 'guard.prelude in share update exclusive mode')
}

/** Holds the lock that the prelude takes in a server. */
export function holdPrelude(db: Database): Promise<Holder> {
  return holdLock(db, 'pg_parameter_acl in share row exclusive mode')
}

async function holdLock(db: Database, lock: string): Promise<Holder> {
  const session = await db.connect()
  await session.query(`begin; lock table ${lock}`)
  const pid = await session.value<number>('select pg_backend_pid()')
  return { pid, application: 'hma spec', user: session.role }
}

/** Returns once a runner waits at the gate. */
export async function untilAtGate(db: Database): Promise<void> {
  await until(db, `wait_event_type = 'Lock' and wait_event = 'advisory'`)
}

/** Returns once a runner that builds an index waits for other transactions. */
export async function untilBuilding(db: Database): Promise<void> {
  await until(db, `wait_event_type = 'Lock' and wait_event = 'virtualxid'`)
}

/** Returns once a runner has marked a partition that it detaches, and waits for those who use it. */
export async function untilDetaching(db: Database): Promise<void> {
  const isMarked = () => db.value<boolean>('select exists (select from pg_inherits where inhdetachpending)')
  await expect.poll(isMarked, { timeout: 30_000, interval: 50 }).toBe(true)
}

/** Kills an apply while its concurrent build, or what `until` waits for, waits for this session, which then ends. */
export async function killWhileBuilding(
  project: Project,
  db: Database,
  holder: Session,
  until = untilBuilding,
): Promise<void> {
  const runner = startRunner(project, db, 'apply')
  await until(db)
  await kill(runner)
  await untilNoRunner(db)
  await holder.close()
}

/**
 * Returns once a runner waits for the lock that another one holds: between two attempts, or inside the server. Its superuser may wait
 * for the prelude of another test at the same time, which is not meant.
 */
export async function untilWaitingForLock(db: Database): Promise<void> {
  await until(
    db,
    `(usename = 'hma_migrator' and query = 'rollback' and state = 'idle' or wait_event_type = 'Lock' and wait_event = 'relation')`,
  )
}

/** Returns once a runner executes a statement that contains this text. */
export async function untilExecuting(db: Database, statement: string): Promise<void> {
  await until(db, `state = 'active' and query like '%${statement}%'`)
}

/** Returns once a runner waits for this table. */
export async function untilWaitingFor(db: Database, table: string): Promise<void> {
  await until(db, `pid in (select pid from pg_locks where relation = '${table}'::regclass and not granted)`)
}

const RUNNERS = `from pg_stat_activity where datname = current_database() and application_name = 'hma migrate'`

async function until(db: Database, condition: string): Promise<void> {
  const isMet = () => db.value<boolean>(`select exists (select ${RUNNERS} and ${condition})`)
  await expect.poll(isMet, { timeout: 30_000, interval: 50 }).toBe(true)
}

/** Returns once the server has closed the connections of all runners; before the prelude's own limit for locks is over. */
export async function untilNoRunner(db: Database): Promise<void> {
  await expect.poll(() => connectionsOfRunners(db), { timeout: 20_000, interval: 50 }).toEqual([])
}

/** Returns once a statement sleeps in the scratch database of a verify. */
export async function untilVerifying(db: Database): Promise<void> {
  const isMet = () =>
    db.count(`pg_stat_activity where datname like 'hma_verify_%' and wait_event = 'PgSleep'`)
  await expect.poll(isMet, { timeout: 30_000, interval: 50 }).toBe(1)
}

export function scratchDatabases(db: Database): Promise<string[]> {
  return db.column(`select datname from pg_database where starts_with(datname, 'hma_verify_')`)
}

/** Process ids of the runners' connections. */
export async function connectionsOfRunners(db: Database): Promise<number[]> {
  return (await db.query<{ pid: number }>(`select pid ${RUNNERS}`)).map(({ pid }) => pid)
}

export function startRunner(project: Project, db: Database, ...args: string[]): ChildProcess {
  return project.start('scripts/migrate.sh', args, { environment: environmentOf(db) })
}

/** Kills it with SIGKILL, so that it cannot clean up. */
export async function kill(runner: ChildProcess): Promise<void> {
  const exited = once(runner, 'exit')
  process.kill(-(runner.pid ?? Number.NaN), 'SIGKILL')
  await exited
}

/** Starts a runner, waits until it is at the gate, and kills it. Returns the session that still holds the gate. */
export async function killAtGate(project: Project, db: Database, command: string): Promise<Session> {
  const gate = await holdGate(db)
  const runner = startRunner(project, db, command)
  await untilAtGate(db)
  await kill(runner)
  return gate
}

/** Sends SIGTERM, as `docker stop` does; returns the exit code. */
export async function stop(runner: ChildProcess): Promise<number | null> {
  const exited = once(runner, 'exit')
  runner.kill('SIGTERM')
  const [exitCode] = await exited
  return exitCode
}

/** Whether the index is valid; no row when it does not exist. */
export function validityOf(db: Database, index: string): Promise<unknown[]> {
  return db.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [index])
}
