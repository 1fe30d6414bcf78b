// A word that is written to each of the three stores, and read again later.
import type { Project } from '../../harness/index.ts'
import { askPostgres, askRedis } from './clients.ts'
import { asRoot } from './store.ts'

const ask = (project: Project, text: string) => askPostgres(project, 'postgres', 'postgres-password', text)

/** Writes it to Postgres, Redis and MinIO. Each has acknowledged it. */
export async function writeToStores(project: Project, word: string): Promise<void> {
  using store = await asRoot(project)
  await store.createBucket('durable')
  await ask(project, `drop table if exists durable; create table durable as select '${word}' as word`)
  await askRedis(project, ['set', 'durable', word])
  await store.put('durable', 'word', word)
}

/** What the three return; an error where one does not. */
export async function readFromStores(project: Project): Promise<unknown[]> {
  using store = await asRoot(project)
  return Promise.all([
    ask(project, 'select word from durable'),
    askRedis(project, ['get', 'durable']),
    store.get('durable', 'word'),
  ])
}
