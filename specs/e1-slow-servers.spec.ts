import { describe, expect, test } from '../harness/index.ts'
import type { CacheFigures } from '../ops/stats/cache-figures.ts'
import { startCache } from './vocabulary/cache-load.ts'
import { restartWith } from './vocabulary/database-load.ts'
import { addKeys, changedAt, frozen, slowBy } from './vocabulary/slow-servers.ts'
import { runAs } from './vocabulary/stats.ts'

const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
/** The server of a stack starts; a fault may build images. */
const SLOW = { timeout: 300_000 }
/** Far more than Redis gives names of with one answer, and than there is time for. */
const KEYS = 12_000
/** Enough time for the first answer on a busy machine. The option that is given last counts. */
const PATIENT = ['--json', '--timeout', '12']

describe('E1.0 The scripts and a slow server', () => {
  test(
    'E1.0.2 cache-stats prints its figures where each answer takes long, with the keys that there was time to count',
    SLOW,
    async ({ sharedProject }) => {
      await using cache = await startCache(sharedProject)
      await addKeys(cache, 'page:', KEYS)
      await using server = await changedAt(cache.url, /\bSCAN\b/, slowBy(300))
      const place = { url: server.url, passwords: cache.passwords }

      const { exitCode, stdout } = await runAs(sharedProject, 'cache-stats', place, 'monitor', ['--json'])

      expect(exitCode).toBe(0)
      const { keys, clients } = JSON.parse(stdout) as CacheFigures
      expect(keys).toEqual({
        database: 0,
        total: KEYS,
        counted: keys.byPrefix['page:'],
        byPrefix: { 'page:': keys.counted },
      })
      expect(keys.counted).toBeGreaterThan(0)
      expect(keys.counted).toBeLessThan(KEYS)
      expect(clients.byLogin).toMatchObject({ monitor: 2 })
    },
  )

  test(
    'E1.0.2 cache-stats says that the server is slow where it answers, and not all in time',
    SLOW,
    async ({ sharedProject }) => {
      await using cache = await startCache(sharedProject)
      await using server = await changedAt(cache.url, /\bSLOWLOG\b/, slowBy(750))
      const place = { url: server.url, passwords: cache.passwords }

      const { exitCode, stdout } = await runAs(sharedProject, 'cache-stats', place, 'monitor', ['--json'])

      expect(exitCode).toBe(124)
      expect(JSON.parse(stdout).error.state).toBe('slow')
    },
  )

  test.for([
    ['db-stats', /pg_stat_activity/, 850],
    ['slow-queries', /shared_preload_libraries/, 1100],
  ] as const)(
    'E1.0.2 %s says that the server is slow where it answers, and not all in time',
    SLOW,
    async ([script, question, milliseconds], { cluster, project }) => {
      await restartWith(cluster, COUNTING)
      await using db = await cluster.database()
      await using server = await changedAt(db.url, question, slowBy(milliseconds))
      const place = { url: server.url, passwords: db.passwords }

      const { exitCode, stdout } = await runAs(project, script, place, 'hma_monitor', ['--json'])

      expect(exitCode).toBe(124)
      expect(JSON.parse(stdout).error.state).toBe('slow')
    },
  )

  test('E1.0.2 db-stats says that nobody answers where the server has answered once, and then nothing for most of the time', async ({
    db,
    project,
  }) => {
    await using server = await changedAt(db.url, /has_column_privilege/, frozen)
    const place = { url: server.url, passwords: db.passwords }

    const { exitCode, stdout } = await runAs(project, 'db-stats', place, 'hma_monitor', PATIENT)

    expect(exitCode).toBe(124)
    expect(JSON.parse(stdout).error.state).toBe('no answer')
  })
})
