// Asks Redis for figures: INFO, SLOWLOG, LATENCY, CLIENT LIST and SCAN. It reads no value and changes nothing.
import { createClient } from 'redis'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type CacheFigures, type Info, parseInfo, slowCalls } from './cache-figures.ts'
import type { Limit } from './program.ts'
import { gone, noAnswer, slow } from './server-state.ts'

export type CacheClient = ReturnType<typeof createClient>

const CONNECT_SHARE = 0.8
const SLOW_CALLS = 10
const SCANNED_AT_ONCE = 1000
/** Of the time of a round. What is left is for the last answer of a slow server. */
const SCAN_SHARE = 0.6

export function nameOf(url: URL): string {
  return `Redis at ${url.hostname}:${url.port || 6379}`
}

/** Connects, asks and disconnects. Throws CliError that says what state the server is in. */
export async function askCache<T>(
  url: URL,
  { milliseconds, signal }: Limit,
  ask: (client: CacheClient) => Promise<T>,
): Promise<T> {
  const client = createAt(url, Math.round(milliseconds * CONNECT_SHARE))
  client.on('error', () => {})
  const end = () => client.isOpen && client.destroy()
  signal.addEventListener('abort', end)
  try {
    await client.connect()
    return await ask(client)
  } catch (error) {
    throw stateError(url, error as Error, milliseconds)
  } finally {
    end()
  }
}

/** The client checks the number of the database when it is made. */
function createAt({ href }: URL, connectTimeout: number): CacheClient {
  try {
    return createClient({ url: href, socket: { connectTimeout, reconnectStrategy: false } }) as CacheClient
  } catch (cause) {
    const what = 'HMA_REDIS_URL is not the URL of a Redis database.'
    throw new CliError({
      what,
      next: 'set it to redis://USER@HOST:PORT/NUMBER.',
      exitCode: EXIT.usage,
      cause,
    })
  }
}

function stateError(url: URL, error: Error & { code?: string }, milliseconds: number): CliError {
  const server = nameOf(url)
  const { code, message } = error
  if (/timeout/i.test(message)) return noAnswer(server, milliseconds)
  if (/^(?:BUSY|LOADING)/.test(message)) return slow(server, message)
  const loginError = /^(?:NOAUTH|WRONGPASS|NOPERM)/.exec(message)?.[0]
  if (loginError === undefined) return gone(server, code ?? message)
  const next =
    'log in as monitor, or as default, with its password: HMA_REDIS_URL and HMA_REDIS_PASSWORD_FILE.'
  return new CliError({
    what: `${server} refuses this login: ${message}.`,
    next,
    facts: { state: loginError },
  })
}

type Ask = <T>(...words: string[]) => Promise<T>

export async function readFigures(
  client: CacheClient,
  mostKeys: number,
  limit: Limit,
): Promise<CacheFigures> {
  const ask: Ask = async <T>(...words: string[]) => {
    const answer = await client.sendCommand<T>(words)
    limit.answered()
    return answer
  }
  const info = parseInfo(await ask('INFO', 'everything'))
  const slowlog = await ask<unknown[][]>('SLOWLOG', 'GET', `${SLOW_CALLS}`)
  const events = await ask<unknown[][]>('LATENCY', 'LATEST')
  const list = await ask<string>('CLIENT', 'LIST')
  const counts = await countKeys(ask, mostKeys, limit)
  const keys = { database: client.options.database ?? 0, ...counts }
  return figuresFrom(info, { slowlog, events, list, keys })
}

interface Answers {
  slowlog: unknown[][]
  events: unknown[][]
  list: string
  keys: CacheFigures['keys']
}

function figuresFrom(info: Info, { slowlog, events, list, keys }: Answers): CacheFigures {
  const number = (name: string) => Number(info.get(name) ?? 0)
  const looked = number('keyspace_hits') + number('keyspace_misses')
  return {
    version: info.get('valkey_version') ?? info.get('redis_version') ?? '',
    uptimeSeconds: number('uptime_in_seconds'),
    memory: {
      used: number('used_memory'),
      max: number('maxmemory'),
      peak: number('used_memory_peak'),
      policy: info.get('maxmemory_policy') ?? '',
      fragmentation: number('mem_fragmentation_ratio'),
    },
    hits: number('keyspace_hits'),
    misses: number('keyspace_misses'),
    hitRate: looked === 0 ? null : number('keyspace_hits') / looked,
    evicted: number('evicted_keys'),
    expired: number('expired_keys'),
    rejectedConnections: number('rejected_connections'),
    clients: { connected: number('connected_clients'), max: number('maxclients'), byLogin: byLogin(list) },
    commands: number('total_commands_processed'),
    slowest: slowCalls(slowlog),
    latency: latencyOf(info),
    events: events.map(([event, at, latest, max]) => ({
      ...{ event: String(event), at: Number(at), latestMs: Number(latest), maxMs: Number(max) },
    })),
    keys,
  }
}

function byLogin(list: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, login = ''] of list.matchAll(/\buser=(\S+)/g)) counts[login] = (counts[login] ?? 0) + 1
  return counts
}

const SLOWEST_COMMANDS = 5

/** The commands with the highest 99th percentile. */
function latencyOf(info: Info): CacheFigures['latency'] {
  const all = [...info].flatMap(([name, value]) => {
    const [, command] = /^latency_percentiles_usec_(.+)$/.exec(name) ?? []
    const [, p50 = '0', p99 = '0'] = /p50=([\d.]+),p99=([\d.]+)/.exec(value) ?? []
    return command === undefined ? [] : [{ command, p50Us: Number(p50), p99Us: Number(p99) }]
  })
  return all.toSorted((one, other) => other.p99Us - one.p99Us).slice(0, SLOWEST_COMMANDS)
}

/**
 * By what stands before the first colon. SCAN does not hold up other clients; it stops after `most` keys, and in time to print what there
 * is.
 */
async function countKeys(
  ask: Ask,
  most: number,
  { spent }: Limit,
): Promise<Omit<CacheFigures['keys'], 'database'>> {
  const total = Number(await ask('DBSIZE'))
  const byPrefix: Record<string, number> = {}
  let counted = 0
  let cursor = '0'
  while (counted < most && spent() < SCAN_SHARE) {
    const words = ['SCAN', cursor, 'COUNT', `${SCANNED_AT_ONCE}`]
    const [next, names] = await ask<[string, string[]]>(...words)
    for (const name of names.slice(0, most - counted)) {
      const prefix = name.includes(':') ? name.slice(0, name.indexOf(':') + 1) : '(no prefix)'
      byPrefix[prefix] = (byPrefix[prefix] ?? 0) + 1
    }
    counted += Math.min(names.length, most - counted)
    cursor = String(next)
    if (cursor === '0') break
  }
  return { total, counted, byPrefix }
}
