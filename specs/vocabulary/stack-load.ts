// A load of the whole stack, of which every panel of the dashboard shows something.
import type pg from 'pg'
import { expect, openBoundedClient, type Project } from '../../harness/index.ts'
import { overfill } from './cache-load.ts'
import { addressOf, askPostgres, askRedis, askWeb, secretOf } from './clients.ts'
import { deadlock } from './database-load.ts'

const CHANGES = `
  insert into auth.users (email, password_hash, date_of_birth)
  select gen_random_uuid() || '@example.org', 'x', current_date - 10000 from generate_series(1, 9) n;
  delete from auth.users;
  checkpoint`

/** A transaction stays open and another session waits for it until the load is disposed. */
export async function loadStack(project: Project): Promise<AsyncDisposable> {
  const [owner, other] = [await connect(project), await connect(project)]
  for (const statements of CHANGES.split(';')) await owner.query(statements)
  for (let each = 0; each < 5; each++) await owner.query('begin; select 1; rollback')
  await deadlock(owner, other)
  await loadRedis(project)
  await askWeb(project, 'ml', 8090, '/models')
  await owner.query('begin; lock table auth.sessions in access exclusive mode')
  const waiting = other.query('select count(*) from auth.sessions').catch(() => {})
  return {
    async [Symbol.asyncDispose]() {
      await owner.end()
      await waiting
      await other.end()
    },
  }
}

/** The table stays locked exclusively until the lock is disposed. */
export async function lockTable(project: Project, table: string): Promise<AsyncDisposable> {
  const owner = await connect(project)
  await owner.query(`begin; lock table ${table} in access exclusive mode`)
  return { [Symbol.asyncDispose]: () => owner.end() }
}

/** Seals every row of the audit log. */
export async function sealAll(project: Project): Promise<void> {
  const text = 'select count(*) from audit.seal()'
  expect(await askPostgres(project, 'postgres', 'postgres-password', text)).toMatch(/^\d+$/)
}

async function connect(project: Project): Promise<pg.Client> {
  const open = await sessionsOf(project)
  return open()
}

/** What opens sessions in the database of the stack, as its superuser. */
export async function sessionsOf(project: Project): Promise<() => Promise<pg.Client>> {
  const { hostname: host, port } = await addressOf(project, 'postgres', 5432)
  const password = await secretOf(project, 'postgres-password')
  const login = { host, port: Number(port), user: 'postgres', password, database: 'hma' }
  // The one that waits does so until the load is disposed.
  return () => openBoundedClient({ ...login, query_timeout: 0 })
}

/** Evicted keys, a key that expires, a hit and a miss. */
async function loadRedis(project: Project): Promise<void> {
  const send = (...words: string[]) => askRedis(project, words)
  await overfill({ send })
  await send('SET', 'short', 'x', 'PX', '1')
  for (const name of ['short', 'long', 'missing']) await send('GET', name)
  await send('SET', 'long', 'x')
  await send('GET', 'long')
}
