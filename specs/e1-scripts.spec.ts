import { describe, expect, test } from '../harness/index.ts'
import {
  cacheFigures,
  databaseFigures,
  figuresOfServer,
  infoOf,
  loadCache,
  loadDatabase,
  runStats,
  statementsOf,
  textOf,
} from './vocabulary/stats.ts'
import { brokenServer } from './vocabulary/stats-servers.ts'

const DB_SCRIPTS = ['db-stats', 'slow-queries'] as const

describe('E1.0 Scripts of the on-call person', () => {
  test('E1.0.1 db-stats prints what the server reports, for a login that only monitors', async ({
    db,
    project,
  }) => {
    await using load = await loadDatabase(db)
    const figures = await databaseFigures(project, db)

    expect(figures).toMatchObject(await figuresOfServer(db))
    expect(figures.connections.byLogin).toEqual(load.connections)
    expect(figures.blocked).toEqual([
      expect.objectContaining({ pid: load.blocked, blockedBy: [load.blocker], table: 'auth.sessions' }),
    ])
    expect(figures.longestTransaction?.pid).toBe(load.blocker)
    expect(figures.tables.find(({ name }) => name === 'auth.sessions')).toMatchObject({
      tableBytes: null,
      indexBytes: null,
    })
  })

  test('E1.0.1 the text of db-stats has the figures, and names who blocks whom', async ({ db, project }) => {
    await using load = await loadDatabase(db)

    const text = await textOf(project, db, 'db-stats')

    expect(text).toMatch(new RegExp(`^${load.blocked} +hma_app +\\S+ s +auth\\.sessions +${load.blocker}$`, 'm'))
    expect(text).toMatch(/^audit log +3 months prepared ahead, \d+ rows not sealed, never sealed$/m)
    expect(text).toMatch(/^auth\.sessions +locked +locked/m)
  })

  test('E1.0.1 cache-stats prints what the server reports, and counts keys by prefix', async ({
    cache,
    project,
  }) => {
    await loadCache(cache, { 'session:': 30, 'page:': 12, lonely: 1 })

    const { figures, before, after } = await cacheFigures(project, cache)

    expect(figures.keys).toEqual({
      total: 43,
      counted: 43,
      byPrefix: { 'session:': 30, 'page:': 12, '(no prefix)': 1 },
    })
    expect(figures.memory.max).toBe(Number(before.maxmemory))
    expect(figures.hits).toBeGreaterThanOrEqual(Number(before.keyspace_hits))
    expect(figures.hits).toBeLessThanOrEqual(Number(after.keyspace_hits))
    expect(figures.hitRate).toBeCloseTo(figures.hits / (figures.hits + figures.misses), 10)
  })

  test('E1.0.1 cache-stats stops counting keys at its limit and says so', async ({ cache, project }) => {
    await loadCache(cache, { 'session:': 3000 })

    const { stdout } = await runStats(project, 'cache-stats', await infoOf(cache), ['--keys', '500'])

    expect(stdout).toMatch(/^keys +3000, the first 500 of them counted by prefix$/m)
    expect(stdout).toMatch(/^session: +500$/m)
  })

  test('E1.0.3 slow-queries names the slow statement of a load, without its constants', async ({
    cluster,
    project,
  }) => {
    const { statements, hidden } = await statementsOf(project, cluster)

    expect(hidden).toBe(0)
    expect(statements[0]).toMatchObject({ login: 'postgres', calls: 3, text: 'select pg_sleep($1)' })
    expect(statements[0]?.meanMs).toBeGreaterThan(100)
    expect(statements[0]?.p95Ms).toBeGreaterThanOrEqual(statements[0]?.meanMs ?? 0)
    expect(statements[0]?.share).toBeGreaterThan(0.5)
  })

  test.for([
    ['the library is not loaded', 'not loaded', 'shared_preload_libraries'],
    ['the extension is not there', 'no extension', 'create extension'],
    ['counting is off', 'off', 'pg_stat_statements.track'],
    ['the login may not read it', 'no privilege', 'hma_monitor'],
  ] as const)('E1.0.3 where %s, slow-queries says so and what to do', async ([, reason, next], { cluster, project }) => {
    const outcome = await statementsWithout(project, cluster, reason)

    expect(outcome.exitCode).toBe(1)
    expect(outcome.error).toMatchObject({ missing: reason, next: expect.stringContaining(next) })
  })

  test.for([...DB_SCRIPTS, 'cache-stats'] as const)('E1.0.2 %s ends in time and says that the server is gone', async (script, { project }) => {
    await using server = await brokenServer('gone')

    const { exitCode, stderr, seconds } = await runAgainst(project, script, server.port)

    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('is gone')])
    expect(seconds).toBeLessThan(4)
  })
})
