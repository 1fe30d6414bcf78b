import { describe, expect, test } from '../harness/index.ts'
import { addKeysIn, loadCache, slowRow, startCache, withCacheReport } from './vocabulary/cache-load.ts'
import {
  archiveOne,
  blockSessions,
  failToArchive,
  loadDatabase,
  repairArchive,
  restartWith,
  rollBackElsewhere,
  secondsWaited,
} from './vocabulary/database-load.ts'
import {
  between,
  databaseFigures,
  lockParts,
  locksShown,
  longestParts,
  momentOf,
  numbersByLine,
  rounded,
  rowsBelow,
  runAs,
  shownSeconds,
  tableRow,
  valuesByLine,
  withReport,
} from './vocabulary/stats.ts'

const ARCHIVING = { archive_mode: 'on', archive_command: 'true' }
const KEYS = { 'session:': 30, 'page:': 12, lonely: 1 }
const KEYS_BY_PREFIX = { 'session:': 30, 'page:': 12, '(no prefix)': 1 }
const SECRET = 'ada@example.org'
/** Of the transaction of the load that stays open. */
const LOCKS = [
  { mode: 'ExclusiveLock', held: 1, waiting: 0 },
  { mode: 'ShareLock', held: 1, waiting: 0 },
]
/** Of a session that has locked a table exclusively, and of one that waits to read it. */
const LOCKS_OF_BOTH = [
  { mode: 'AccessExclusiveLock', held: 1, waiting: 0 },
  { mode: 'AccessShareLock', held: 0, waiting: 1 },
]

describe('E1.0 Scripts of an on-call person', () => {
  test('E1.0.1 db-stats prints what the server reports, for a login that only monitors', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, ARCHIVING)
    await using db = await cluster.database()
    const before = await databaseFigures(project, db)
    await archiveOne(db)
    await rollBackElsewhere(cluster)
    await using load = await loadDatabase(db)

    const [figures, reported] = await withReport(db, () => databaseFigures(project, db))

    expect(figures).toEqual(reported)
    expect(figures.transactions.rolledBack - before.transactions.rolledBack).toBe(load.rolledBack)
    expect(figures).toMatchObject({
      connections: { idleInTransaction: 1 },
      longestTransaction: { pid: load.open, login: 'hma_app' },
      locks: LOCKS,
      transactions: { deadlocks: 1, temporaryBytes: expect.toSatisfy((bytes) => bytes > 0) },
      auditLog: { monthsAhead: 3 },
      archive: { archived: 1 },
    })
  })

  test('E1.0.1 the text of db-stats has the same figures', async ({ cluster, project }) => {
    await using db = await cluster.database()
    await using load = await loadDatabase(db)

    const [{ stdout }, reported] = await withReport(db, () => runAs(project, 'db-stats', db, 'hma_monitor'))

    const { connections, transactions, longestTransaction, sealing, auditLog, replicas, tables } = reported
    const lines = numbersByLine(stdout)
    expect(lines.database?.[0]).toEqual(rounded(reported.databaseBytes))
    expect(lines.connections).toEqual([
      ...[connections.used, connections.max, connections.active, connections.idleInTransaction],
      ...Object.values(connections.byLogin),
    ])
    expect(lines.transactions).toEqual([
      ...[transactions.committed, transactions.rolledBack, transactions.deadlocks],
      ...momentOf(transactions.since),
    ])
    expect([(lines['cache hit']?.[0] ?? 0) / 100]).toEqual([reported.cacheHitRatio])
    expect(lines['longest transaction']).toEqual([longestTransaction?.seconds, load.open])
    expect(lines['audit log']).toEqual([
      ...[auditLog?.monthsAhead, sealing?.unsealedRows, ...momentOf(sealing?.sealedAt)],
    ])
    expect(lines.replication).toEqual([shownSeconds(replicas[0]?.lagSeconds)])
    const values = valuesByLine(stdout)
    const parts = (name: string) => values[name]?.split(', ')
    expect(parts('database')).toEqual([reported.database, expect.anything(), `Postgres ${reported.version}`])
    expect(parts('longest transaction')).toEqual(longestParts(reported))
    expect(locksShown(values.locks)).toEqual(lockParts(reported))
    expect([values.archive, reported.archive.mode]).toEqual(['off', 'off'])
    expect(values).toMatchObject({
      replication: expect.stringMatching(/^copy streaming\b.* \S+ s\b.*; standby startup\b/),
    })
    expect(rowsBelow(stdout, 'table')).toEqual(tables.slice(0, 10).map(tableRow))
    expect(stdout).toMatch(new RegExp(`^and ${tables.length - 10} `, 'm'))
  })

  test('E1.0.1 the text of db-stats says that the archive fails, until it works again', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, { archive_mode: 'on', archive_command: 'false' })
    await using db = await cluster.database()
    await failToArchive(db)

    const failing = await runAs(project, 'db-stats', db, 'hma_monitor')
    await repairArchive(db)
    const [working, reported] = await withReport(db, () => runAs(project, 'db-stats', db, 'hma_monitor'))

    const { archived, lastArchivedAt, failed } = reported.archive
    expect(valuesByLine(failing.stdout).archive).toMatch(/^FAILING\b.* 0 .*\b[1-9]\d*\b/)
    expect(valuesByLine(working.stdout).archive).toMatch(/^[1-9]/)
    expect(numbersByLine(working.stdout).archive).toEqual([archived, ...momentOf(lastArchivedAt), failed])
  })

  test('E1.0.1 db-stats names who blocks whom, and waits for no lock itself', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    await using load = await blockSessions(db)

    const least = await secondsWaited(db, load.blocked)
    const figures = await databaseFigures(project, db)
    const { stdout } = await runAs(project, 'db-stats', db, 'hma_monitor')
    const seconds = between(least, await secondsWaited(db, load.blocked), Number, 0.5)

    expect(figures.blocked).toEqual([
      {
        ...{ pid: load.blocked, login: 'hma_app', blockedBy: [load.blocker], table: 'auth.sessions' },
        seconds,
      },
    ])
    expect(rowsBelow(stdout, 'blocked pid')).toEqual([
      [load.blocked, 'hma_app', seconds, 'auth.sessions', load.blocker],
    ])
    expect(figures.longestTransaction?.pid).toBe(load.blocker)
    expect(figures.locks).toEqual(LOCKS_OF_BOTH)
    expect(figures.tables.find(({ name }) => name === 'auth.sessions')?.tableBytes).toBeNull()
    expect(stdout).toMatch(
      new RegExp(`^ *${load.blocked} +hma_app +\\S+ s +auth\\.sessions +${load.blocker}$`, 'm'),
    )
  })

  test('E1.0.1 cache-stats prints what the server reports, and counts keys by prefix', async ({
    sharedProject,
  }) => {
    await using cache = await startCache(sharedProject)
    await loadCache(cache, KEYS, SECRET)

    const [{ stdout }, reported] = await withCacheReport(cache, () =>
      runAs(sharedProject, 'cache-stats', cache, 'monitor', ['--json']),
    )

    const keys = { database: 0, total: 43, counted: 43, byPrefix: KEYS_BY_PREFIX }
    expect(JSON.parse(stdout)).toEqual({ ...reported.figures, keys })
    expect(reported.figures).toMatchObject({ hits: 3, misses: 1, expired: 1 })
    expect(reported.figures.evicted).toBeGreaterThan(0)
    expect(reported.figures.slowest.map(({ command }) => command)).toContain('EVAL')
    expect(stdout).not.toContain(SECRET)
  })

  test('E1.0.1 the text of cache-stats has the same figures', async ({ sharedProject }) => {
    await using cache = await startCache(sharedProject)
    await loadCache(cache, KEYS, SECRET)
    const text = (...words: string[]) => runAs(sharedProject, 'cache-stats', cache, 'monitor', words)

    const [{ stdout }, { figures, usedPercent }] = await withCacheReport(cache, text)
    const few = numbersByLine((await text('--keys', '5')).stdout)

    const { memory, clients, hits, misses, slowest, events } = figures
    const lines = numbersByLine(stdout)
    expect(lines.server?.at(-1)).toEqual(figures.commands)
    expect(lines.memory).toEqual([
      ...[memory.used, rounded(memory.max), usedPercent, rounded(memory.peak), memory.fragmentation],
    ])
    expect(lines['hit rate']).toEqual([Number(((100 * hits) / (hits + misses)).toFixed(1)), hits, misses])
    expect(lines.evicted).toEqual([figures.evicted, figures.expired])
    expect(lines.clients).toEqual([
      ...[clients.connected, clients.max, ...Object.values(clients.byLogin), figures.rejectedConnections],
    ])
    expect([lines.keys, few.keys, lines['slow calls']]).toEqual([[43, 0], [43, 0, 5], [slowest.length]])
    const values = valuesByLine(stdout)
    expect(values.server?.split(', ')[0]).toBe(figures.version)
    expect(values.memory?.split(', ').slice(1)).toEqual([
      ...[memory.policy, expect.stringMatching(/^peak /), expect.stringMatching(/^fragmentation /)],
    ])
    const latency = rowsBelow(stdout, 'command').map(([command, p50Us, p99Us]) => ({ command, p50Us, p99Us }))
    expect(latency).toEqual(figures.latency)
    expect(rowsBelow(stdout, 'slow call')).toEqual(slowest.map(slowRow))
    expect(rowsBelow(stdout, 'latency event')).toEqual(
      events.map(({ event, latestMs, maxMs }) => [event, latestMs, maxMs]),
    )
    expect(rowsBelow(stdout, 'prefix')).toEqual(Object.entries(KEYS_BY_PREFIX))
  })

  test('E1.0.1 cache-stats counts the keys of the logical database that the URL names, and says its number', async ({
    sharedProject,
  }) => {
    await using cache = await startCache(sharedProject)
    await loadCache(cache, KEYS, SECRET)
    await addKeysIn(cache, 3, ['session:1', 'session:2'])
    const place = { url: new URL('/3', cache.url).href, passwords: cache.passwords }
    const ask = (...words: string[]) => runAs(sharedProject, 'cache-stats', place, 'monitor', words)

    const [json, text] = [await ask('--json'), await ask()]

    expect([json.exitCode, text.exitCode]).toEqual([0, 0])
    const keys = { database: 3, total: 2, counted: 2, byPrefix: { 'session:': 2 } }
    expect(JSON.parse(json.stdout).keys).toEqual(keys)
    expect(numbersByLine(text.stdout).keys).toEqual([2, 3])
  })
})
