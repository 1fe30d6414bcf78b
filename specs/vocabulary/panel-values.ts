// What the panels of the dashboard show, and the same numbers as the scripts and the jobs of the running stack give them.
import { expect, type Project } from '../../harness/index.ts'
import type { RestoreReport } from '../../ops/backup/restore-test.ts'
import type { CacheFigures } from '../../ops/stats/cache-figures.ts'
import { idsListed } from './backup-scripts.ts'
import { addressOf, secretOf } from './clients.ts'
import { execIn } from './containers.ts'
import { shownNow } from './dashboard.ts'
import { diskOfDatabase } from './database-disk.ts'
import { monitoredStack } from './statement-load.ts'
import { databaseFigures, figuresAs, type Place } from './stats.ts'

/** The least and the most that a line may show, by its name. */
type Bounds = Record<string, [least: number, most: number]>

interface Places {
  database: Place
  cache: Place
}

/** Where the scripts ask the running stack, as the logins that monitor. */
export async function placesOf(project: Project): Promise<Places> {
  const { href: url } = await addressOf(project, 'redis', 6379)
  const passwords = { monitor: await secretOf(project, 'redis-monitor-password') }
  return { database: await monitoredStack(project), cache: { url, passwords } }
}

const exactly = (value = Number.NaN): [number, number] => [value, value]
const about = (value: number | null | undefined, tolerance: number): [number, number] => [
  (value ?? Number.NaN) - tolerance,
  (value ?? Number.NaN) + tolerance,
]

/** Lines that show a number out of their bounds, or none. */
async function differing(project: Project, bounds: Bounds): Promise<string[]> {
  const shown = await shownNow(project)
  const isWithin = (value = Number.NaN, [least, most]: [number, number]) => least <= value && value <= most
  return Object.entries(bounds)
    .filter(([line, each]) => !isWithin(shown[line], each))
    .map(([line, each]) => `${line}: ${shown[line]}, and not ${each.join(' to ')}`)
}

/** Sessions come and go: those of the exporter, of the ML stub, of the jobs. */
const SESSIONS = 4
/** A figure was collected up to five seconds before, and was asked for a moment later. */
const SECONDS = 12
/** The connections of a script and of the exporter. */
const CONNECTION_BYTES = 2 ** 19

/** Lines about Postgres and Redis under a load that differ from what the scripts print. */
export async function serversDiffering(project: Project, places: Places): Promise<string[]> {
  const cache = await figuresAs<CacheFigures>(project, 'cache-stats', places.cache, 'monitor')
  return differing(project, {
    ...(await boundsOfDatabase(project, places.database)),
    ...boundsOfCache(cache),
    ...boundsOfDisk(await diskOfDatabase(project)),
  })
}

async function boundsOfDatabase(project: Project, place: Place): Promise<Bounds> {
  const { connections, cacheHitRatio, blocked, longestTransaction, auditLog, sealing } =
    await databaseFigures(project, place)
  const [least, most] = about(longestTransaction?.seconds, SECONDS)
  return {
    'Connections: allowed': exactly(connections.max),
    'Connections: used': about(connections.used, SESSIONS),
    'Database cache hit: since the last reset': about(cacheHitRatio, 0.01),
    // The exporter itself waits for the locked table, too, as long as its own limit lets it.
    'Locks: sessions that wait': [blocked.length, blocked.length + 1],
    // Not zero.
    'Longest transaction: oldest': [Math.max(least, 3), most],
    'Audit log: months prepared: months after this one': exactly(auditLog?.monthsAhead),
    'Audit log: not sealed: rows': exactly(sealing?.unsealedRows),
  }
}

/** Everything else on the disk, too, writes and removes meanwhile. */
const DISK_BYTES = 2 ** 30

function boundsOfDisk({ total, free }: { total: number; free: number }): Bounds {
  return {
    'Database disk: size': about(total, DISK_BYTES),
    'Database disk: free': about(free, DISK_BYTES),
  }
}

function boundsOfCache({ memory, hitRate }: CacheFigures): Bounds {
  return {
    'Cache memory: used': about(memory.used, CONNECTION_BYTES),
    'Cache memory: limit': exactly(memory.max),
    'Cache hit rate: since the start': about(hitRate, 1e-6),
  }
}

const SHOWN_TABLES = 5

/** The tables with the most dead rows whose line differs from what db-stats prints; `no dead rows` where it prints none. */
export async function rowsDiffering(project: Project, { database }: Places): Promise<string[]> {
  const { tables } = await databaseFigures(project, database)
  const sorted = tables.toSorted((one, other) => other.deadRows - one.deadRows)
  const limit = sorted[SHOWN_TABLES]?.deadRows ?? 0
  const most = sorted.filter(({ deadRows }) => deadRows > limit)
  const bounds = most.map(({ name, deadRows }) => [`Dead rows: ${name}`, exactly(deadRows)] as const)
  return bounds.length === 0 ? ['no dead rows'] : differing(project, Object.fromEntries(bounds))
}

interface Backups {
  /** When the snapshot of the newest one was taken. */
  takenAtMs: number
  report: RestoreReport & { rtoSeconds: number }
}

const NEWEST_REPORT = 'cat "$(ls -t /backups/restore-tests/*.json | head -n 1)"'

/** The newest backup in the store, and the report of the last restore test. */
export async function backupsReported(project: Project): Promise<Backups> {
  const [newest = ''] = await idsListed(project)
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/.exec(newest)?.slice(1) ?? []
  const [year, month, day, hour, minute, second, millisecond] = parts
  const takenAtMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`)
  const { exitCode, stdout } = await execIn(project, 'backup', ['sh', '-c', NEWEST_REPORT])
  expect([exitCode, takenAtMs]).toEqual([0, expect.toSatisfy((found) => found > 0)])
  return { takenAtMs, report: JSON.parse(stdout) }
}

/** From a snapshot to a backup that is stored, and from the end of a comparison to a report, on a busy machine. */
const JOB_S = 60
/** The panels are asked a moment after the clock, and a job begins a moment before its first time. */
const MOMENT_S = 10

/** Lines about the backups that differ from them. */
export function backupsDiffering(project: Project, { takenAtMs, report }: Backups): Promise<string[]> {
  const secondsSince = (moment: number) => (Date.now() - moment) / 1000
  const backup = secondsSince(takenAtMs)
  const verified = secondsSince(Date.parse(report.testedAt)) - report.rtoSeconds
  return differing(project, {
    'Age of the newest backup: age': [backup - JOB_S, backup + MOMENT_S],
    'Since a restore was verified: age': [verified - JOB_S, verified + MOMENT_S],
    'Recovery time: to restore (RTO)': about(report.rtoSeconds, 1e-6),
    'Recovery time: lost (RPO)': exactly(report.rpoSeconds),
  })
}
