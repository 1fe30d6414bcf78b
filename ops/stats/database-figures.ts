// The figures of db-stats, and how a person reads them.
import { bytes, duration, list, percent, table } from './text.ts'

export interface Blocked {
  pid: number
  login: string
  seconds: number
  blockedBy: number[]
  table: string | null
}

export interface LockFigures {
  mode: string
  held: number
  /** Asked for, and not given yet. */
  waiting: number
}

export interface TableFigures {
  name: string
  /** Null while another session has locked the table exclusively. */
  tableBytes: number | null
  indexBytes: number | null
  liveRows: number
  deadRows: number
  vacuumedAt: string | null
}

export interface Sealing {
  unsealedRows: number
  sealedAt: string | null
}

/** Printed with --json as it is. */
export interface DatabaseFigures {
  database: string
  version: string
  startedAt: string
  databaseBytes: number
  connections: {
    used: number
    max: number
    active: number
    idleInTransaction: number
    byLogin: Record<string, number>
  }
  transactions: {
    committed: number
    rolledBack: number
    deadlocks: number
    temporaryBytes: number
    since: string | null
  }
  cacheHitRatio: number | null
  longestTransaction: {
    pid: number
    login: string
    application: string
    state: string
    seconds: number
  } | null
  /** On what is in this database, by mode. */
  locks: LockFigures[]
  blocked: Blocked[]
  tables: TableFigures[]
  auditLog: { monthsAhead: number } | null
  sealing: Sealing | null
  replicas: { application: string; state: string; lagSeconds: number | null }[]
  archive: {
    mode: string
    archived: number
    lastArchivedAt: string | null
    failed: number
    lastFailedAt: string | null
  }
}

const LARGEST = 10

export function renderDatabase(figures: DatabaseFigures): string[] {
  return [
    ...list([
      ['database', `${figures.database}, ${bytes(figures.databaseBytes)}, Postgres ${figures.version}`],
      ['connections', connections(figures)],
      ['transactions', transactions(figures)],
      ['cache hit', percent(figures.cacheHitRatio)],
      ['longest transaction', longest(figures)],
      ['locks', locks(figures)],
      ['audit log', auditLog(figures)],
      ['replication', replication(figures)],
      ['archive', archive(figures)],
      ['blocked', figures.blocked.length === 0 ? 'nobody waits for a lock' : `${figures.blocked.length}`],
    ]),
    ...blockedRows(figures),
    '',
    ...tableRows(figures),
  ]
}

function connections({
  connections: { used, max, active, idleInTransaction, byLogin },
}: DatabaseFigures): string {
  const logins = Object.entries(byLogin).map(([login, number]) => `${login} ${number}`)
  const detail = [`${active} active`, `${idleInTransaction} idle in transaction`, ...logins].join(', ')
  return `${used} of ${max} (${detail})`
}

function transactions({
  transactions: { committed, rolledBack, deadlocks, since },
}: DatabaseFigures): string {
  const start = since === null ? 'the cluster was made' : since.slice(0, 16)
  return `${committed} committed, ${rolledBack} rolled back, ${deadlocks} deadlocks since ${start}`
}

function longest({ longestTransaction: found }: DatabaseFigures): string {
  if (found === null) return 'none open'
  return `${duration(found.seconds)}, ${found.state}, ${found.login} (${found.application || 'no name'}), pid ${found.pid}`
}

function locks({ locks: found }: DatabaseFigures): string {
  const one = ({ mode, held, waiting }: LockFigures) => `${mode} ${held} held, ${waiting} waited for`
  return found.length === 0 ? 'none' : found.map(one).join('; ')
}

function auditLog({ auditLog: log, sealing }: DatabaseFigures): string {
  if (log === null) return 'this database has none'
  const months = `${log.monthsAhead} months prepared ahead`
  if (sealing === null) return `${months}; this login may not see how far it is sealed`
  const last = sealing.sealedAt === null ? 'never sealed' : `last sealed ${sealing.sealedAt.slice(0, 16)}`
  return `${months}, ${sealing.unsealedRows} rows not sealed, ${last}`
}

function replication({ replicas }: DatabaseFigures): string {
  const one = ({ application, state, lagSeconds }: DatabaseFigures['replicas'][number]) =>
    `${application} ${state}, ${lagSeconds === null ? 'no lag measured' : `${duration(lagSeconds)} behind`}`
  return replicas.length === 0 ? 'no replica' : replicas.map(one).join('; ')
}

function archive({
  archive: { mode, archived, failed, lastArchivedAt, lastFailedAt },
}: DatabaseFigures): string {
  if (mode === 'off') return 'off'
  const isFailing = lastFailedAt !== null && (lastArchivedAt === null || lastFailedAt > lastArchivedAt)
  const last = `${archived} files archived, the last ${lastArchivedAt?.slice(0, 16) ?? 'never'}`
  return `${isFailing ? 'FAILING: ' : ''}${last}; ${failed} failures`
}

function blockedRows({ blocked }: DatabaseFigures): string[] {
  if (blocked.length === 0) return []
  const rows = blocked.map(({ pid, login, seconds, table: name, blockedBy }) => [
    ...[pid, login, duration(seconds), name ?? '-', blockedBy.join(' ')],
  ])
  return ['', ...table(['blocked pid', 'login', 'waits', 'for table', 'blocked by'], rows)]
}

function tableRows({ tables }: DatabaseFigures): string[] {
  const size = (value: number | null) => (value === null ? 'locked' : bytes(value))
  const rows = tables
    .slice(0, LARGEST)
    .map(({ name, tableBytes, indexBytes, liveRows, deadRows, vacuumedAt }) => [
      ...[name, size(tableBytes), size(indexBytes), liveRows, deadRows, vacuumedAt?.slice(0, 16) ?? 'never'],
    ])
  const rest = tables.length - rows.length
  const lines = table(['table', 'size', 'indexes', 'rows', 'dead rows', 'vacuumed'], rows)
  return rest > 0 ? [...lines, `and ${rest} smaller ones (--json has all)`] : lines
}
