// Something that each of the three stores keeps, and what it says of it later.
import type { Project } from '../../harness/index.ts'
import { askPostgres, askRedis } from './clients.ts'
import { asRoot } from './store.ts'

const ask = (project: Project, text: string) => askPostgres(project, 'postgres', 'postgres-password', text)

/** Writes a word into Postgres, Redis and MinIO; each has said that it is kept. */
export async function writeToStores(project: Project, word: string): Promise<void> {
  using store = await asRoot(project)
  await store.createBucket('kept')
  await ask(project, `drop table if exists kept; create table kept as select '${word}' as word`)
  await askRedis(project, ['set', 'kept', word])
  await store.put('kept', 'word', word)
}

/** What the three say now; the reason where one says nothing. */
export async function readFromStores(project: Project): Promise<unknown[]> {
  using store = await asRoot(project)
  return Promise.all([
    ask(project, 'select word from kept'),
    askRedis(project, ['get', 'kept']),
    store.get('kept', 'word'),
  ])
}
