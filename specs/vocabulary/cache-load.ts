// A load of a private Redis whose figures are known, and what the server says of itself.
import { isDeepStrictEqual } from 'node:util'
import { createClient } from 'redis'
import { expect, type Project } from '../../harness/index.ts'
import type { CacheFigures } from '../../ops/stats/cache-figures.ts'
import { addressOf, askRedis, secretOf } from './clients.ts'
import { evictingCache } from './overlays.ts'
import { upWith } from './stack.ts'
import { between } from './stats.ts'

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

/** The Redis of a stack of its own, in a new container each time, so that no other test counts in its figures. */
export async function startCache(project: Project): Promise<Cache> {
  const started = await upWith(project, evictingCache, ['--force-recreate', 'redis'])
  expect(started, started.stderr).toMatchObject({ exitCode: 0 })
  const url = (await addressOf(project, 'redis', 6379)).href
  const monitor = await secretOf(project, 'redis-monitor-password')
  const application = await connectToCache(url, 'default', await secretOf(project, 'redis-password'))
  const reader = await connectToCache(url, 'monitor', monitor)
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

/** A client of Redis that is logged in. */
export async function connectToCache(url: string, username: string, password: string) {
  const client = createClient({ url, username, password })
  client.on('error', () => {})
  await client.connect()
  return client
}

type Info = Record<string, string>

/** The lines of INFO. */
async function infoOf(cache: Cache): Promise<Info> {
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

/** Adds keys to another logical database than the one that clients use without a number. */
export async function addKeysIn({ send }: Cache, database: number, names: string[]): Promise<void> {
  await send('SELECT', `${database}`)
  for (const name of names) await send('SET', name, 'x')
  await send('SELECT', '0')
}

/** A slow call as the text of cache-stats shows it. */
export function slowRow({ command, microseconds, at }: CacheFigures['slowest'][number]): unknown[] {
  return [command, Number((microseconds / 1000).toFixed(1)), new Date(1000 * at).toISOString().slice(0, 19)]
}

/** A script that never ends: until it is disposed of, the server answers to everything else that it is busy. */
export async function blockCache(project: Project, cache: Cache): Promise<AsyncDisposable> {
  const blocked = cache.send('EVAL', 'while true do end', '0').catch(() => {})
  await expect.poll(() => askRedis(project, ['PING']), UNTIL).toMatch(/BUSY/)
  return {
    async [Symbol.asyncDispose]() {
      await askRedis(project, ['SCRIPT', 'KILL'])
      await blocked
    },
  }
}

/** Every command with its latency, the slowest first. */
function latencyIn(info: Info): CacheFigures['latency'] {
  const all = Object.entries(info).flatMap(([name, value]) => {
    const [, command] = /^latency_percentiles_usec_(.+)$/.exec(name) ?? []
    const [p50Us = 0, p99Us = 0] = [...value.matchAll(/=([\d.]+)/g)].map(([, each]) => Number(each))
    return command === undefined ? [] : [{ command, p50Us, p99Us }]
  })
  return all.sort((one, other) => other.p99Us - one.p99Us)
}

/** Matches the five slowest commands. Only commands that nobody but the load sends are compared exactly: their figures no longer change. */
function slowestCommands(info: Info): unknown {
  const ofTheLoad = (list: CacheFigures['latency']) =>
    list.filter(({ command }) => ['eval', 'set', 'get', 'del'].includes(command))
  const isRight = (found: CacheFigures['latency']) => {
    const sorted = found.toSorted((one, other) => other.p99Us - one.p99Us)
    const known = ofTheLoad(latencyIn(info))
    const slower = known.filter(({ p99Us }) => p99Us > (found.at(-1)?.p99Us ?? 0))
    const wanted = known.slice(0, Math.max(slower.length, ofTheLoad(found).length))
    return found.length === 5 && isDeepStrictEqual([found, ofTheLoad(found)], [sorted, wanted])
  }
  return expect.toSatisfy(isRight, `the five slowest of ${JSON.stringify(latencyIn(info))}`)
}

/** What the connections of a script and of a healthcheck may add to the memory. */
const CONNECTIONS_BYTES = 2 ** 18

function memoryIn(before: Info, after: Info) {
  const fragmentation = (info: Info) => Number(info.mem_fragmentation_ratio)
  return {
    used: between(before, after, (info) => Number(info.used_memory), CONNECTIONS_BYTES),
    max: Number(after.maxmemory),
    peak: Number(after.used_memory_peak),
    policy: after.maxmemory_policy,
    fragmentation: between(before, after, fragmentation, 0.3 * fragmentation(after)),
  }
}

/** The two connections of this test, that of the script, and at times that of a healthcheck, which logs in as default. */
const CONNECTED = {
  connected: expect.toBeOneOf([3, 4]),
  byLogin: { default: expect.toBeOneOf([1, 2]), monitor: 2 },
}

export interface CacheReport {
  /** In the shape that cache-stats prints, but for the keys. */
  figures: Omit<CacheFigures, 'keys'>
  /** Of the memory that it may use. */
  usedPercent: unknown
}

/** Runs it, and then what the server reports, where what moves meanwhile has the limits of both reports. */
export async function withCacheReport<T>(cache: Cache, run: () => Promise<T>): Promise<[T, CacheReport]> {
  const before = await infoOf(cache)
  const result = await run()
  const after = await infoOf(cache)
  const [hits, misses] = [Number(after.keyspace_hits), Number(after.keyspace_misses)]
  const figures = {
    version: after.redis_version,
    uptimeSeconds: between(before, after, (info) => Number(info.uptime_in_seconds)),
    memory: memoryIn(before, after),
    ...{ hits, misses, hitRate: hits / (hits + misses) },
    evicted: Number(after.evicted_keys),
    expired: Number(after.expired_keys),
    rejectedConnections: Number(after.rejected_connections),
    clients: { ...CONNECTED, max: Number(after.maxclients) },
    commands: between(before, after, (info) => Number(info.total_commands_processed)),
    latency: slowestCommands(after),
    ...(await slowCallsOf(cache)),
  }
  const percent = (info: Info) => (100 * Number(info.used_memory)) / Number(info.maxmemory)
  const usedPercent = between(
    before,
    after,
    percent,
    percent({ ...after, used_memory: `${CONNECTIONS_BYTES}` }),
  )
  return [result, { figures: figures as CacheReport['figures'], usedPercent }]
}

async function slowCallsOf(cache: Cache): Promise<Pick<CacheFigures, 'slowest' | 'events'>> {
  const slow = await cache.ask<unknown[][]>('SLOWLOG', 'GET', '10')
  const events = await cache.ask<unknown[][]>('LATENCY', 'LATEST')
  return {
    slowest: slow.map(([, at, microseconds, words]) => ({
      ...{ at: Number(at), microseconds: Number(microseconds), command: (words as string[])[0] ?? '' },
    })),
    events: events.map(([event, at, latestMs, maxMs]) => ({
      ...{ event: String(event), at: Number(at), latestMs: Number(latestMs), maxMs: Number(maxMs) },
    })),
  }
}
