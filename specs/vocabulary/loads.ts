// Loads whose figures are known.
import type { Database } from '../../harness/index.ts'
import type { Cluster } from '../../harness/postgres/cluster.ts'

interface Cache {
  options: { url?: string }
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<unknown>
  info(section: string): Promise<string>
}

/** Restarts a private cluster with pg_stat_statements, which a server loads at its start. */
export async function countStatements(cluster: Cluster): Promise<void> {
  await using db = await cluster.database()
  await db.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`)
  await cluster.stop()
  await cluster.start()
}

/** One statement is slow: three calls of a fifth of a second each, among quick ones. */
export async function loadStatements(db: Database): Promise<void> {
  for (const seconds of [0.2, 0.21, 0.22]) await db.query('select pg_sleep($1)', [seconds])
  for (let each = 0; each < 20; each++) await db.query('select count(*) from auth.users')
}

export interface CacheReport {
  url: string
  version: string
  maxmemory: number
  hits: number
  misses: number
}

/** So many keys of each prefix, three hits and a miss, and then what Redis says. */
export async function loadCache(cache: Cache, prefixes: Record<string, number>): Promise<CacheReport> {
  for (const [prefix, count] of Object.entries(prefixes))
    for (let each = 0; each < count; each++) await cache.set(`${prefix}${each === 0 ? '' : each}`, 'x')
  for (const _ of [1, 2, 3]) await cache.get(Object.keys(prefixes)[0] ?? '')
  await cache.get('nothing there')
  const info = await cache.info('everything')
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? ''
  return {
    url: cache.options.url ?? '',
    version: field('redis_version'),
    maxmemory: Number(field('maxmemory')),
    hits: Number(field('keyspace_hits')),
    misses: Number(field('keyspace_misses')),
  }
}
