// A word that is written to each store, and read again later. A new store is one more entry.
import type { Project } from '../../harness/index.ts'
import { askPostgres, askRedis } from './clients.ts'
import { asRoot } from './store.ts'

interface DurableStore {
  /** Ends when the store has acknowledged it. */
  write(project: Project, word: string): Promise<unknown>
  /** An error where the store has none. */
  read(project: Project): Promise<unknown>
}

const ask = (project: Project, text: string) => askPostgres(project, 'postgres', 'postgres-password', text)

const BY_SERVICE: Record<string, DurableStore> = {
  postgres: {
    write: (project, word) =>
      ask(project, `drop table if exists durable; create table durable as select '${word}' as word`),
    read: (project) => ask(project, 'select word from durable'),
  },
  redis: {
    write: (project, word) => askRedis(project, ['set', 'durable', word]),
    read: (project) => askRedis(project, ['get', 'durable']),
  },
  minio: {
    async write(project, word) {
      using store = await asRoot(project)
      await store.createBucket('durable')
      await store.put('durable', 'word', word)
    },
    async read(project) {
      using store = await asRoot(project)
      return await store.get('durable', 'word')
    },
  },
}

/** Names of the services that keep data which must not be lost. */
export const STORES = Object.keys(BY_SERVICE)

export async function writeToStores(project: Project, word: string): Promise<void> {
  for (const { write } of Object.values(BY_SERVICE)) await write(project, word)
}

/** What they return, in the order of STORES. */
export function readFromStores(project: Project): Promise<unknown[]> {
  return Promise.all(Object.values(BY_SERVICE).map(({ read }) => read(project)))
}

/** What they return when each has that word. */
export const inEachStore = (word: string) => STORES.map(() => word)
