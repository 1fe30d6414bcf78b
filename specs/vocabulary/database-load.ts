// Loads of a database whose figures are known.
import { type Cluster, type Database, expect } from '../../harness/index.ts'
import { sealLog } from './audit-seals.ts'
import { countLockWaiters } from './lock-waiters.ts'
import { connectAsStandby, streamTo } from './standby.ts'
import { insertUser } from './users.ts'

const UNTIL = { timeout: 10_000, interval: 50 }

/** Restarts a private cluster with settings that a server reads at its start: a value or a list of them. */
export async function restartWith(
  cluster: Cluster,
  settings: Record<string, string | string[]>,
): Promise<void> {
  await using db = await cluster.database()
  for (const [name, value] of Object.entries(settings)) {
    const values = [value].flat().map((each) => `'${each}'`)
    await db.query(`alter system set ${name} = ${values.join(', ')}`)
  }
  await cluster.stop()
  await cluster.start()
}

export interface Load extends AsyncDisposable {
  rolledBack: number
  /** The process of the transaction that stays open. */
  open: number
}

/** What another database of the cluster counts is none of this one's figures. */
export async function rollBackElsewhere(cluster: Cluster): Promise<void> {
  await using elsewhere = await cluster.database('postgres')
  await elsewhere.query('begin; select 1; rollback')
  await elsewhere.query('select pg_stat_force_next_flush()')
}

/** Something of everything that db-stats counts: its figures are known, or none of them is zero. */
export async function loadDatabase(db: Database): Promise<Load> {
  const [app, other] = [await db.as('hma_app'), await db.connect()]
  const [standby, copy] = [await connectAsStandby(db, 'standby'), await streamTo(db, 'copy')]
  await changeRows(db)
  const sent = await copy.sent()
  for (const end of ['commit', 'commit', 'commit', 'rollback', 'rollback'])
    await app.query(`begin; select 1; ${end}`)
  await other.query(
    `set work_mem = '64kB'; select count(*) from (select n from generate_series(1, 50000) n order by -n) s`,
  )
  await deadlock(other, await db.connect())
  await app.query('select pg_stat_force_next_flush()')
  await app.query('begin; select pg_advisory_xact_lock(3), pg_advisory_xact_lock_shared(4)')
  const open = await app.value<number>('select pg_backend_pid()')
  // Seconds that are shown as minutes, or the other way round, differ only where there are some.
  await db.query('select pg_sleep(1)')
  await copy.replay(sent)
  const end = async () => void (await Promise.all([standby.end(), copy.end()]))
  return { rolledBack: 3, open, [Symbol.asyncDispose]: end }
}

/** Rows that live and are dead, one vacuum, rows of the audit log before a seal and after it. */
async function changeRows(db: Database): Promise<void> {
  await insertUser(db, { email: 'ada@example.org' })
  await sealLog(db)
  await insertUser(db, { email: 'grace@example.org' })
  await insertUser(db, { email: 'edith@example.org' })
  await db.query('vacuum auth.users')
  await db.query(`delete from auth.users where email = 'edith@example.org'`)
  await db.query('select pg_stat_force_next_flush()')
}

/** What a session of a test and a client of Postgres have in common. */
export interface Queries {
  query(text: string): Promise<unknown>
}

/** Two sessions that want each other's lock: the server rolls one of them back. */
export async function deadlock(one: Queries, other: Queries): Promise<void> {
  await one.query('begin; select pg_advisory_xact_lock(1)')
  await other.query('begin; select pg_advisory_xact_lock(2)')
  const crossed = [
    one.query('select pg_advisory_xact_lock(2)'),
    other.query('select pg_advisory_xact_lock(1)'),
  ]
  await Promise.allSettled(crossed)
  await Promise.all([one, other].map((session) => session.query('commit')))
  await Promise.all([one, other].map((session) => session.query('select pg_stat_force_next_flush()')))
}

/** The server has archived one file. */
export async function archiveOne(db: Database): Promise<void> {
  await db.query('select pg_switch_wal()')
  await expect.poll(() => db.value('select archived_count::int from pg_stat_archiver'), UNTIL).toBe(1)
}

/** The server has failed to archive a file. */
export async function failToArchive(db: Database): Promise<void> {
  await db.query('select pg_switch_wal()')
  await expect
    .poll(() => db.value('select failed_count::int from pg_stat_archiver'), UNTIL)
    .toBeGreaterThan(0)
}

/** The command that failed succeeds from now on; the server has archived what waited. */
export async function repairArchive(db: Database): Promise<void> {
  await db.query(`alter system set archive_command = 'true'`)
  await db.query('select pg_reload_conf()')
  const archived = () => db.value('select archived_count::int from pg_stat_archiver')
  await expect.poll(archived, UNTIL).toBeGreaterThan(0)
}

/** Statements after which nobody else can read that table of Postgres. */
export const lockOf = (table: string) => `begin; lock table pg_catalog.${table} in access exclusive mode`

/** Statements after which the seals of the audit log are read in a minute. */
export const SLOW_SEALS = `
  alter table audit.audit_seal rename to slow_seal;
  create view audit.audit_seal as select s.up_to_id, s.sealed_at from pg_sleep(60) left join audit.slow_seal s on true;
  grant select (up_to_id, sealed_at) on audit.audit_seal to hma_monitor`

/** For how long that process has waited. */
export const secondsWaited = (db: Database, pid: number) =>
  db.value<number>(
    'select extract(epoch from clock_timestamp() - query_start)::float8 from pg_stat_activity where pid = $1',
    [pid],
  )

export interface Blocking extends AsyncDisposable {
  blocker: number
  blocked: number
}

/** A session that has locked auth.sessions, and one of the application that has waited for it for a second. */
export async function blockSessions(db: Database): Promise<Blocking> {
  const [owner, app] = [await db.connect(), await db.as('hma_app')]
  const [blocker, blocked] = [
    await owner.value<number>('select pg_backend_pid()'),
    await app.value<number>('select pg_backend_pid()'),
  ]
  await owner.query('begin; lock table auth.sessions in access exclusive mode')
  const waiting = app.query('select count(id) from auth.sessions').catch(() => [])
  await expect.poll(() => countLockWaiters(db), UNTIL).toBe(1)
  await db.query('select pg_sleep(1)')
  return {
    blocker,
    blocked,
    async [Symbol.asyncDispose]() {
      await owner.query('rollback')
      await waiting
    },
  }
}
