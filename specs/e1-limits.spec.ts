import { describe, expect, test } from '../harness/index.ts'
import { blockCache, startCache } from './vocabulary/cache-load.ts'
import { lockOf, SLOW_SEALS } from './vocabulary/database-load.ts'
import { runAs, WAITS_WITHIN_MS } from './vocabulary/stats.ts'
import { brokenServer, frozenServers, waitWithoutLimit } from './vocabulary/stats-servers.ts'

/** The servers of a stack start. */
const SLOW = { timeout: 120_000 }
/** Longer than a client of Postgres waits for its first answer. The option that is given last counts. */
const PATIENT = ['--json', '--timeout', '20']
/** Ten seconds, of which a client of Postgres waits for eight to connect; a busy machine needs a few more to start it. */
const OF_TEN_SECONDS = expect.toSatisfy(
  (waitedMs: number) => waitedMs > 7000 && waitedMs < 13_000,
  'ten seconds',
)

describe('E1.0 The limits of time of the scripts', () => {
  test.for([
    ['db-stats', 'gone', 3],
    ['slow-queries', 'gone', 3],
    ['cache-stats', 'gone', 3],
    ['db-stats', 'paused', 124],
    ['slow-queries', 'paused', 124],
    ['cache-stats', 'paused', 124],
    ['db-stats', 'silent in mid-answer', 124],
    ['slow-queries', 'silent in mid-answer', 124],
    ['cache-stats', 'silent in mid-answer', 124],
  ] as const)(
    'E1.0.2 %s ends in time where the server is %s, and says which',
    async ([script, kind, code], { project }) => {
      await using server = await brokenServer(kind)

      const { exitCode, stdout } = await runAs(project, script, server, 'hma_monitor', ['--json'])

      expect(exitCode).toBe(code)
      expect(JSON.parse(stdout).error.state).toBe(kind === 'gone' ? 'gone' : 'no answer')
      expect(server.waitedMs()).toBeLessThan(WAITS_WITHIN_MS)
    },
  )

  test('E1.0.2 db-stats and slow-queries say that nobody answers where the server accepts the login alone, also with time left', async ({
    project,
  }) => {
    await using server = await brokenServer('silent after the login')
    const scripts = ['db-stats', 'slow-queries'] as const

    const ends = await Promise.all(
      scripts.map((script) => runAs(project, script, server, 'hma_monitor', PATIENT)),
    )

    expect(ends.map(({ exitCode }) => exitCode)).toEqual([124, 124])
    expect(ends.map(({ stdout }) => JSON.parse(stdout).error.state)).toEqual(['no answer', 'no answer'])
  })

  test('E1.0.2 without the option for it each script ends after ten seconds where the server is paused', async ({
    project,
  }) => {
    const ends = await Promise.all([
      waitWithoutLimit(project, 'db-stats'),
      waitWithoutLimit(project, 'slow-queries'),
      waitWithoutLimit(project, 'cache-stats'),
    ])

    expect(ends.map(({ exitCode }) => exitCode)).toEqual([124, 124, 124])
    expect(ends.map(({ stdout }) => JSON.parse(stdout).error.state)).toEqual(ends.map(() => 'no answer'))
    expect(ends.map(({ waitedMs }) => waitedMs)).toEqual(ends.map(() => OF_TEN_SECONDS))
  })

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

      expect(exitCode).toBe(124)
      expect(JSON.parse(stdout).error.state).toBe('slow')
    },
  )

  test('E1.0.2 cache-stats ends in time where the server is busy, and says which', async ({
    sharedProject,
  }) => {
    await using cache = await startCache(sharedProject)
    await using _ = await blockCache(sharedProject, cache)

    const { exitCode, stdout } = await runAs(sharedProject, 'cache-stats', cache, 'monitor', ['--json'])

    expect(exitCode).toBe(124)
    expect(JSON.parse(stdout).error.state).toBe('slow')
  })

  test.for(['db-stats', 'slow-queries', 'cache-stats'] as const)(
    'E1.0.2 %s ends in time where every process of the server is frozen, and says that nobody answers',
    SLOW,
    async (script, { sharedProject }) => {
      await using servers = await frozenServers(sharedProject)

      const { exitCode, stdout } = await runAs(sharedProject, script, servers.placeOf(script), '', ['--json'])

      expect(exitCode).toBe(124)
      expect(JSON.parse(stdout).error.state).toBe('no answer')
    },
  )
})
