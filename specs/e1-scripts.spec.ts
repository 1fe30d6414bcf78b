import { describe, expect, test } from '../harness/index.ts'
import { countStatements, loadCache, loadStatements } from './vocabulary/loads.ts'
import {
  blockSessions,
  brokenServer,
  type CacheFigures,
  committedIn,
  databaseFigures,
  figuresAs,
  reportedBy,
  runAs,
} from './vocabulary/stats.ts'

describe('E1.0 Scripts of an on-call person', () => {
  test('E1.0.1 db-stats prints what the server reports, for a login that only monitors', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    const before = Number(await committedIn(db))

    const figures = await databaseFigures(project, db)

    const { database, max, used, tables, users, indexes, dead } = await reportedBy(db)
    expect(figures).toMatchObject({ database, connections: { max, used } })
    expect(figures.transactions.committed).toBeGreaterThanOrEqual(before)
    expect(figures.transactions.committed).toBeLessThanOrEqual(Number(await committedIn(db)))
    expect(figures.tables).toHaveLength(Number(tables))
    expect(figures.tables.find(({ name }) => name === 'auth.users')).toMatchObject({
      ...{ tableBytes: users, indexBytes: indexes, deadRows: dead },
    })
    expect(figures).toMatchObject({ auditLog: { monthsAhead: 3 }, sealing: { sealedAt: null } })
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
      expect.objectContaining({ pid: load.blocked, blockedBy: [load.blocker], table: 'auth.sessions' }),
    ])
    expect(figures.longestTransaction?.pid).toBe(load.blocker)
    expect(figures.tables.find(({ name }) => name === 'auth.sessions')?.tableBytes).toBeNull()
    expect(stdout).toMatch(
      new RegExp(`^ *${load.blocked} +hma_app +\\S+ s +auth\\.sessions +${load.blocker}$`, 'm'),
    )
  })

  test('E1.0.1 cache-stats prints what the server reports, and counts keys by prefix', async ({
    cache,
    project,
  }) => {
    const server = await loadCache(cache, { 'session:': 30, 'page:': 12, lonely: 1 })

    const figures = await figuresAs<CacheFigures>(project, 'cache-stats', server, 'default')

    expect(figures.keys).toEqual({
      ...{ total: 43, counted: 43, byPrefix: { 'session:': 30, 'page:': 12, '(no prefix)': 1 } },
    })
    expect(figures).toMatchObject({ version: server.version, memory: { max: server.maxmemory } })
    expect(figures.hits).toBeGreaterThanOrEqual(server.hits)
    expect(figures.hitRate).toBe(figures.hits / (figures.hits + figures.misses))
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

      const { exitCode, stderr } = await runAs(project, script, server, 'hma_monitor')

      expect([exitCode, stderr]).toEqual([
        code,
        expect.stringContaining({ gone: 'is gone', paused: 'gives no answer within' }[kind]),
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

      const { exitCode, stderr } = await runAs(project, script, db, 'hma_monitor')

      expect([exitCode, stderr]).toEqual([124, expect.stringContaining('is slow')])
    },
  )

  test('E1.0.3 slow-queries names the slow statement of a load, without its constants', async ({
    cluster,
    project,
  }) => {
    await countStatements(cluster)
    await using db = await cluster.database()
    await loadStatements(db)

    const { statements, hidden } = await figuresAs<Statements>(project, 'slow-queries', db)

    expect(hidden).toBe(0)
    expect(statements[0]).toMatchObject({ login: 'postgres', calls: 3, text: 'select pg_sleep($1)' })
    expect(statements[0]?.meanMs).toBeGreaterThan(150)
    expect(statements[0]?.p95Ms).toBeGreaterThanOrEqual(statements[0]?.meanMs ?? Number.NaN)
    expect(statements[0]?.share).toBeGreaterThan(0.5)
  })

  test('E1.0.3 where statements are not counted, slow-queries says why, and what to do', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    const explain = async (login = 'hma_monitor') =>
      (await runAs(project, 'slow-queries', db, login, ['--json'])).stdout

    const unloaded = await explain()
    await countStatements(cluster)
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

interface Statements {
  statements: { login: string; calls: number; meanMs: number; p95Ms: number; share: number; text: string }[]
  hidden: number
}
