import { describe, expect, test } from '../harness/index.ts'
import type { CacheFigures } from '../ops/stats/cache-figures.ts'
import { loadCache, reportedByCache, startCache } from './vocabulary/cache-load.ts'
import {
  archiveOne,
  blockSessions,
  loadDatabase,
  restartWith,
  rollBackElsewhere,
} from './vocabulary/database-load.ts'
import {
  loadStatements,
  reportedByOrder,
  type Statements,
  statementsByOrder,
} from './vocabulary/statement-load.ts'
import {
  brokenServer,
  databaseFigures,
  figuresAs,
  numbersByLine,
  rounded,
  runAs,
  withReport,
} from './vocabulary/stats.ts'

const ARCHIVING = { archive_mode: 'on', archive_command: 'true' }
const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
const KEYS = { 'session:': 30, 'page:': 12, lonely: 1 }
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

    const { connections, transactions, sealing, auditLog } = reported
    const users = reported.tables.find(({ name }) => name === 'auth.users')
    const lines = numbersByLine(stdout)
    expect(lines.database?.[0]).toEqual(rounded(reported.databaseBytes))
    expect(lines.connections).toEqual([
      ...[connections.used, connections.max, connections.active, connections.idleInTransaction],
      ...Object.values(connections.byLogin),
    ])
    expect(lines.transactions?.slice(1, 3)).toEqual([transactions.rolledBack, transactions.deadlocks])
    expect(lines['longest transaction']?.at(-1)).toBe(load.open)
    expect(lines['audit log']?.slice(0, 2)).toEqual([auditLog?.monthsAhead, sealing?.unsealedRows])
    expect(lines['auth.users']?.slice(0, 4)).toEqual([
      ...[rounded(users?.tableBytes ?? null), rounded(users?.indexBytes ?? null)],
      ...[users?.liveRows, users?.deadRows],
    ])
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

    const { stdout } = await runAs(sharedProject, 'cache-stats', cache, 'monitor', ['--json'])

    const { latency, ...reported } = await reportedByCache(cache)
    const figures: CacheFigures = JSON.parse(stdout)
    expect(figures).toMatchObject({ ...reported, hits: 3, misses: 1, expired: 1 })
    expect(figures.evicted).toBeGreaterThan(0)
    expect(figures.latency).toContainEqual(latency)
    expect(figures.slowest.map(({ command }) => command)).toContain('EVAL')
    expect(figures.clients.byLogin).toMatchObject({ monitor: 2 })
    expect(figures.keys).toEqual({
      ...{ total: 43, counted: 43, byPrefix: { 'session:': 30, 'page:': 12, '(no prefix)': 1 } },
    })
    expect(stdout).not.toContain(SECRET)
  })

  test('E1.0.1 the text of cache-stats has the same figures', async ({ sharedProject }) => {
    await using cache = await startCache(sharedProject)

    const { stdout } = await runAs(sharedProject, 'cache-stats', cache, 'monitor', ['--keys', '5'])

    const { hits, misses, hitRate, evicted, expired, memory } = await reportedByCache(cache)
    const lines = numbersByLine(stdout)
    expect(lines['hit rate']).toEqual([Number((100 * hitRate).toFixed(1)), hits, misses])
    expect(lines.evicted).toEqual([evicted, expired])
    expect(lines.memory?.[1]).toEqual(rounded(memory.max))
    expect(lines.memory?.[3]).toEqual(rounded(memory.peak))
    expect(lines.keys).toEqual([43, 5])
    expect(lines.clients?.at(-1)).toBe(0)
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
    },
  )

  test.for([
    ['db-stats', 'pg_inherits'],
    ['slow-queries', 'pg_extension'],
  ] as const)(
    'E1.0.2 %s ends in time where the server hangs, and says which',
    async ([script, table], { cluster, project }) => {
      await using db = await cluster.database()
      const owner = await db.connect()
      await owner.query(`begin; lock table pg_catalog.${table} in access exclusive mode`)

      const { exitCode, stdout } = await runAs(project, script, db, 'hma_monitor', ['--json'])

      expect([exitCode, JSON.parse(stdout).error]).toEqual([124, expect.objectContaining({ state: 'slow' })])
    },
  )

  test('E1.0.3 slow-queries names the slow statement of a load, without its constants', async ({
    cluster,
    project,
  }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(db, SECRET)

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db)
    const { stdout } = await runAs(project, 'slow-queries', db, 'hma_monitor', ['--limit', '1'])

    const text = 'select pg_sleep($1), $2 as secret'
    expect(statements[0]).toMatchObject({ login: 'postgres', calls: 3, rows: 3, text })
    expect(statements[0]?.meanMs).toBeGreaterThan(150)
    expect(statements[0]?.p95Ms).toBeGreaterThanOrEqual(statements[0]?.meanMs ?? Number.NaN)
    expect(statements[0]?.share).toBeGreaterThan(0.5)
    expect([hidden, JSON.stringify(statements), stdout]).toEqual([
      ...[0, expect.not.stringContaining(SECRET), expect.not.stringContaining(SECRET)],
    ])
    expect(stdout.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^ *3 .* postgres +select pg_sleep\(\$1\), \$2 as secret$/),
    ])
  })

  test('E1.0.3 its figures equal those of the server, in each order', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(db, SECRET)

    const found = await statementsByOrder(project, db)

    expect(found).toEqual(await reportedByOrder(db))
  })

  test('E1.0.3 a login that may not see the text of others is told so', async ({ cluster, project }) => {
    await restartWith(cluster, COUNTING)
    await using db = await cluster.database()
    await loadStatements(db, SECRET)
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
