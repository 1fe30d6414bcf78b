import { describe, expect, test } from '../harness/index.ts'
import { blockCache, loadCache, slowRow, startCache, withCacheReport } from './vocabulary/cache-load.ts'
import {
  archiveOne,
  blockSessions,
  failToArchive,
  loadDatabase,
  lockOf,
  repairArchive,
  restartWith,
  rollBackElsewhere,
  SLOW_SEALS,
} from './vocabulary/database-load.ts'
import {
  loadStatements,
  SLOW_TEXT,
  type Statements,
  statementsByOrder,
  withSlowRow,
  withStatements,
} from './vocabulary/statement-load.ts'
import {
  brokenServer,
  databaseFigures,
  figuresAs,
  numbersByLine,
  rounded,
  rowsBelow,
  runAs,
  tableRow,
  valuesByLine,
  WAITS_WITHIN_MS,
  withReport,
} from './vocabulary/stats.ts'

const ARCHIVING = { archive_mode: 'on', archive_command: 'true' }
const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
const KEYS = { 'session:': 30, 'page:': 12, lonely: 1 }
const KEYS_BY_PREFIX = { 'session:': 30, 'page:': 12, '(no prefix)': 1 }
const SECRET = 'ada@example.org'

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
      transactions: { deadlocks: 1, temporaryBytes: expect.toSatisfy((bytes) => bytes > 0) },
      auditLog: { monthsAhead: 3 },
      archive: { archived: 1 },
    })
  })

  test('E1.0.1 the text of db-stats has the same figures', async ({ cluster, project }) => {
    await using db = await cluster.database()
    await using load = await loadDatabase(db)

    const [{ stdout }, reported] = await withReport(db, () => runAs(project, 'db-stats', db, 'hma_monitor'))

    const { connections, transactions, sealing, auditLog, tables } = reported
    const lines = numbersByLine(stdout)
    expect(lines.database?.[0]).toEqual(rounded(reported.databaseBytes))
    expect(lines.connections).toEqual([
      ...[connections.used, connections.max, connections.active, connections.idleInTransaction],
      ...Object.values(connections.byLogin),
    ])
    expect(lines.transactions?.slice(0, 3)).toEqual([
      ...[transactions.committed, transactions.rolledBack, transactions.deadlocks],
    ])
    expect([(lines['cache hit']?.[0] ?? 0) / 100]).toEqual([reported.cacheHitRatio])
    expect(lines['longest transaction']?.at(-1)).toBe(load.open)
    expect(lines['audit log']?.slice(0, 2)).toEqual([auditLog?.monthsAhead, sealing?.unsealedRows])
    expect(valuesByLine(stdout).replication).toContain('standby startup')
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
    const working = await runAs(project, 'db-stats', db, 'hma_monitor')

    expect(valuesByLine(failing.stdout).archive).toMatch(/^FAILING\b.* 0 .*\b[1-9]\d*\b/)
    expect(valuesByLine(working.stdout).archive).toMatch(/^[1-9]\d* .*\b[1-9]\d*\b/)
  })

  test('E1.0.1 db-stats names who blocks whom, and waits for no lock itself', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    await using load = await blockSessions(db)

    const figures = await databaseFigures(project, db)
    const { stdout } = await runAs(project, 'db-stats', db, 'hma_monitor')

    expect(figures.blocked).toEqual([
      {
        ...{ pid: load.blocked, login: 'hma_app', blockedBy: [load.blocker], table: 'auth.sessions' },
        seconds: expect.any(Number),
      },
    ])
    expect(figures.longestTransaction?.pid).toBe(load.blocker)
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

    const keys = { total: 43, counted: 43, byPrefix: KEYS_BY_PREFIX }
    expect(JSON.parse(stdout)).toEqual({ ...reported.figures, keys })
    expect(reported.figures).toMatchObject({ hits: 3, misses: 1, expired: 1 })
    expect(reported.figures.evicted).toBeGreaterThan(0)
    expect(reported.figures.slowest.map(({ command }) => command)).toContain('EVAL')
    expect(stdout).not.toContain(SECRET)
  })

  test('E1.0.1 the text of cache-stats has the same figures', async ({ sharedProject }) => {
    await using cache = await startCache(sharedProject)
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
    expect([lines.keys, few.keys, lines['slow calls']]).toEqual([[43], [43, 5], [slowest.length]])
    const latency = rowsBelow(stdout, 'command').map(([command, p50Us, p99Us]) => ({ command, p50Us, p99Us }))
    expect(latency).toEqual(figures.latency)
    expect(rowsBelow(stdout, 'slow call')).toEqual(slowest.map(slowRow))
    expect(rowsBelow(stdout, 'latency event')).toEqual(
      events.map(({ event, latestMs, maxMs }) => [event, latestMs, maxMs]),
    )
    expect(rowsBelow(stdout, 'prefix')).toEqual(Object.entries(KEYS_BY_PREFIX))
  })

  test('E1.0.1 the text of slow-queries has the same figures', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const [{ stdout }, row] = await withSlowRow(db, () =>
      runAs(project, 'slow-queries', db, 'hma_monitor', ['--limit', '1']),
    )

    expect(rowsBelow(stdout, 'calls')).toEqual([row])
  })

  test.for([
    ['db-stats', 'gone', 3],
    ['slow-queries', 'gone', 3],
    ['cache-stats', 'gone', 3],
    ['db-stats', 'paused', 124],
    ['slow-queries', 'paused', 124],
    ['cache-stats', 'paused', 124],
  ] as const)(
    'E1.0.2 %s ends in time where the server is %s, and says which',
    async ([script, kind, code], { project }) => {
      await using server = await brokenServer(kind)

      const { exitCode, stdout } = await runAs(project, script, server, 'hma_monitor', ['--json'])

      expect([exitCode, JSON.parse(stdout).error]).toEqual([
        code,
        expect.objectContaining({ state: { gone: 'gone', paused: 'no answer' }[kind] }),
      ])
      expect(server.waitedMs()).toBeLessThan(WAITS_WITHIN_MS)
    },
  )

  test.for([
    ['db-stats', 'is locked', lockOf('pg_inherits')],
    ['slow-queries', 'is locked', lockOf('pg_extension')],
    ['db-stats', 'takes too long', SLOW_SEALS],
  ] as const)(
    'E1.0.2 %s ends in time where what it reads %s, and says which',
    async ([script, , statements], { cluster, project }) => {
      await using db = await cluster.database()
      const owner = await db.connect()
      await owner.query(statements)

      const { exitCode, stdout } = await runAs(project, script, db, 'hma_monitor', ['--json'])

      expect([exitCode, JSON.parse(stdout).error]).toEqual([124, expect.objectContaining({ state: 'slow' })])
    },
  )

  test('E1.0.2 cache-stats ends in time where the server is busy, and says which', async ({
    sharedProject,
  }) => {
    await using cache = await startCache(sharedProject)
    await using _ = await blockCache(sharedProject, cache)

    const { exitCode, stdout } = await runAs(sharedProject, 'cache-stats', cache, 'monitor', ['--json'])

    expect([exitCode, JSON.parse(stdout).error]).toEqual([124, expect.objectContaining({ state: 'slow' })])
  })

  test('E1.0.3 slow-queries names the slow statement of a load, without its constants', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db)
    const { stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor', ['--limit', '1'])

    expect(statements[0]).toMatchObject({ login: 'postgres', calls: 5, rows: 35, text: SLOW_TEXT })
    expect(statements[0]?.meanMs).toBeGreaterThan(100)
    expect(statements[0]?.p95Ms).toBeGreaterThanOrEqual(statements[0]?.meanMs ?? Number.NaN)
    expect(statements[0]?.share).toBeGreaterThan(0.5)
    expect([hidden, JSON.stringify(statements), stdout]).toEqual([
      ...[0, expect.not.stringContaining(SECRET), expect.not.stringContaining(SECRET)],
    ])
    expect(rowsBelow(stdout, 'calls').map((cells) => cells.at(-1))).toEqual([SLOW_TEXT])
  })

  test('E1.0.3 its figures equal those of the server, in each order', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)

    const [found, reported] = await withStatements(db, () => statementsByOrder(project, db))

    expect(found).toEqual(reported)
  })

  test('E1.0.3 a login that may not see the text of others is told so', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(cluster, db, SECRET)
    await db.query('grant usage on schema statistics to hma_ml')
    await db.query('grant select on all tables in schema statistics to hma_ml')
    await db.query('grant execute on all functions in schema statistics to hma_ml')

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db, 'hma_ml')

    expect(hidden).toBeGreaterThan(0)
    expect(statements.filter(({ login }) => login === 'postgres').map(({ text }) => text)).toEqual([null])
  })

  test('E1.0.3 where statements are not counted, slow-queries says why, and what to do', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    const explain = async (login = 'hma_monitor') =>
      (await runAs(project, 'slow-queries', db, login, ['--json'])).stdout

    const unloaded = await explain()
    await restartWith(cluster, COUNTING)
    await using counted = await cluster.database()
    const unprivileged = await explain('hma_app')
    await counted.query('alter system set pg_stat_statements.track = none')
    await counted.query('select pg_reload_conf()')
    const off = await explain()
    await counted.query('drop extension pg_stat_statements')
    const absent = await explain()

    expect([unloaded, unprivileged, off, absent].map((text) => JSON.parse(text).error)).toEqual([
      expect.objectContaining({ missing: 'not loaded', next: expect.stringContaining('restart') }),
      expect.objectContaining({ missing: 'no privilege', next: expect.stringContaining('hma_monitor') }),
      expect.objectContaining({ missing: 'off', next: expect.stringContaining('top') }),
      expect.objectContaining({ missing: 'no extension', next: expect.stringContaining('create extension') }),
    ])
  })
})
