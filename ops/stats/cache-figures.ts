// The figures of cache-stats, and how a person reads them.
import { bytes, duration, list, percent, table } from './text.ts'

export interface SlowCall {
  at: number
  microseconds: number
  /** The command without its arguments, which may hold personal data. */
  command: string
}

/** Printed with --json as it is. */
export interface CacheFigures {
  version: string
  uptimeSeconds: number
  /** In bytes; max 0 is without limit. */
  memory: { used: number; max: number; peak: number; policy: string; fragmentation: number }
  hits: number
  misses: number
  /** Null before anybody looked for a key. */
  hitRate: number | null
  evicted: number
  expired: number
  rejectedConnections: number
  clients: { connected: number; max: number; byLogin: Record<string, number> }
  commands: number
  slowest: SlowCall[]
  latency: { command: string; p50Us: number; p99Us: number }[]
  /** What LATENCY LATEST has, where latency-monitor-threshold is set. */
  events: { event: string; at: number; latestMs: number; maxMs: number }[]
  /** Of the logical database with this number. */
  keys: { database: number; total: number; counted: number; byPrefix: Record<string, number> }
}

export type Info = Map<string, string>

/** Lines `name:value`; those with # are titles. */
export function parseInfo(text: string): Info {
  const lines = text.split(/\r?\n/).filter((line) => /^[^#:]+:/.test(line))
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

/** Of SLOWLOG GET: id, time in seconds, microseconds, words of the command, … */
export function slowCalls(entries: unknown[][]): SlowCall[] {
  return entries.map(([, at, microseconds, words]) => ({
    at: Number(at),
    microseconds: Number(microseconds),
    command: String((words as unknown[])[0] ?? ''),
  }))
}

export function renderCache(figures: CacheFigures): string[] {
  return [
    ...list([
      ['server', `${figures.version}, up ${duration(figures.uptimeSeconds)}, ${figures.commands} commands`],
      ['memory', memory(figures)],
      ['hit rate', `${percent(figures.hitRate)} (${figures.hits} hits, ${figures.misses} misses)`],
      ['evicted', `${figures.evicted} keys, ${figures.expired} expired`],
      ['clients', clients(figures)],
      ['keys', keys(figures)],
      ['slow calls', figures.slowest.length === 0 ? 'none in the slowlog' : `${figures.slowest.length}`],
    ]),
    ...section(
      ['command', 'p50 µs', 'p99 µs'],
      figures.latency.map(({ command, p50Us, p99Us }) => [command, p50Us, p99Us]),
    ),
    ...section(['slow call', 'took ms', 'at'], figures.slowest.map(slowRow)),
    ...section(
      ['latency event', 'latest ms', 'max ms'],
      figures.events.map(({ event, latestMs, maxMs }) => [event, latestMs, maxMs]),
    ),
    ...section(['prefix', 'keys'], largestPrefixes(figures)),
  ]
}

function section(head: string[], rows: (string | number)[][]): string[] {
  return rows.length === 0 ? [] : ['', ...table(head, rows)]
}

function memory({ memory: { used, max, peak, policy, fragmentation } }: CacheFigures): string {
  const limit = max === 0 ? 'no limit' : `${bytes(max)} (${percent(used / max)}), ${policy}`
  return `${bytes(used)} of ${limit}, peak ${bytes(peak)}, fragmentation ${fragmentation}`
}

function clients({ clients: { connected, max, byLogin }, rejectedConnections }: CacheFigures): string {
  const logins = Object.entries(byLogin).map(([login, number]) => `${login} ${number}`)
  return `${connected} of ${max} (${logins.join(', ')}), ${rejectedConnections} rejected`
}

function keys({ keys: { database, total, counted } }: CacheFigures): string {
  const all = `${total} in database ${database}`
  return counted < total ? `${all}, the first ${counted} of them counted by prefix` : all
}

function slowRow({ command, microseconds, at }: SlowCall): (string | number)[] {
  return [command, (microseconds / 1000).toFixed(1), new Date(at * 1000).toISOString().slice(0, 19)]
}

const PREFIXES = 10

function largestPrefixes({ keys: { byPrefix } }: CacheFigures): [string, number][] {
  return Object.entries(byPrefix)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, PREFIXES)
}
