// A load of a private Redis whose figures are known, and what the server says of itself.
import { createClient } from 'redis'
import { expect, type Project } from '../../harness/index.ts'
import { addressOf, secretOf } from './clients.ts'
import { evictingCache } from './overlays.ts'
import { upWith } from './stack.ts'

const UNTIL = { timeout: 10_000, interval: 50 }

export interface Cache extends AsyncDisposable {
  url: string
  /** Of the login that reads statistics alone. */
  passwords: { monitor: string }
  /** As the application. */
  send(...words: string[]): Promise<unknown>
  /** As the login that reads statistics. */
  ask<T = string>(...words: string[]): Promise<T>
}

/** The Redis of a stack of its own, so that no other test counts in its figures. */
export async function startCache(project: Project): Promise<Cache> {
  await upWith(project, evictingCache, ['redis'])
  const url = (await addressOf(project, 'redis', 6379)).href
  const monitor = await secretOf(project, 'redis-monitor-password')
  const application = await connect(url, 'default', await secretOf(project, 'redis-password'))
  const reader = await connect(url, 'monitor', monitor)
  return {
    url,
    passwords: { monitor },
    send: (...words) => application.sendCommand(words),
    ask: <T>(...words: string[]) => reader.sendCommand<T>(words),
    async [Symbol.asyncDispose]() {
      application.destroy()
      reader.destroy()
    },
  }
}

async function connect(url: string, username: string, password: string) {
  const client = createClient({ url, username, password })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The lines of INFO. */
async function infoOf(cache: Cache): Promise<Record<string, string>> {
  const lines = (await cache.ask('INFO', 'everything')).matchAll(/^([\w|]+):(.*?)\r?$/gm)
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]))
}

/** More than its memory holds, so that it evicts. */
export async function overfill({ send }: Pick<Cache, 'send'>): Promise<void> {
  const large = Array.from({ length: 12 }, (_, at) => `large${at}`)
  for (const name of large) await send('SET', name, 'x'.repeat(2 ** 20))
  await send('DEL', ...large)
}

/** A key of each prefix is read once; a miss, evicted keys, an expired one, and a slow command with an argument. */
export async function loadCache(
  cache: Cache,
  prefixes: Record<string, number>,
  secret: string,
): Promise<void> {
  await overfill(cache)
  for (const [prefix, count] of Object.entries(prefixes))
    for (let each = 0; each < count; each++) await cache.send('SET', `${prefix}${each || ''}`, 'x')
  for (const name of Object.keys(prefixes)) await cache.send('GET', name)
  await cache.send('GET', 'nothing there')
  await cache.send('SET', 'short', 'x', 'PX', '1')
  await expect.poll(async () => (await infoOf(cache)).expired_keys, UNTIL).toBe('1')
  // Far slower than the ten milliseconds from which Redis notes a command.
  await cache.send('EVAL', 'local n = 0 while n < 1e7 do n = n + 1 end', '1', secret)
}

/** What the server reports, in the shape that cache-stats prints, but for what moves from one moment to the next. */
export async function reportedByCache(cache: Cache) {
  const info = await infoOf(cache)
  const [hits, misses] = [Number(info.keyspace_hits), Number(info.keyspace_misses)]
  const [p50Us, p99Us] = [...(info.latency_percentiles_usec_eval ?? '').matchAll(/=([\d.]+)/g)].map(
    ([, each]) => Number(each),
  )
  const slow = await cache.ask<unknown[][]>('SLOWLOG', 'GET', '10')
  const events = await cache.ask<unknown[][]>('LATENCY', 'LATEST')
  return {
    version: info.redis_version,
    memory: {
      max: Number(info.maxmemory),
      policy: info.maxmemory_policy,
      peak: Number(info.used_memory_peak),
    },
    ...{ hits, misses, hitRate: hits / (hits + misses) },
    evicted: Number(info.evicted_keys),
    expired: Number(info.expired_keys),
    rejectedConnections: Number(info.rejected_connections),
    slowest: slow.map(([, at, microseconds, words]) => ({
      at,
      microseconds,
      command: (words as string[])[0],
    })),
    latency: { command: 'eval', p50Us, p99Us },
    events: events.map(([event, at, latestMs, maxMs]) => ({ event, at, latestMs, maxMs })),
  }
}
