import { describe, test } from '../harness/index.ts'
import { restartWith } from './vocabulary/database-load.ts'
import { infoWith, serveFakeCache } from './vocabulary/fake-cache.ts'
import { expectFiguresAgain, startWatch } from './vocabulary/watched-scripts.ts'

const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
/** A server starts, and goes away and comes back. */
const SLOW = { timeout: 120_000 }

describe('E1.0 The scripts with --watch', () => {
  test.for(['db-stats', 'slow-queries'] as const)(
    'E1.0.2 %s --watch prints figures, says in a round without an answer that the server is gone, prints figures again, and ends with an interruption',
    SLOW,
    async (script, { cluster, project }) => {
      await restartWith(cluster, COUNTING)
      await using db = await cluster.database()

      await using watch = await startWatch(project, script, db)

      await expectFiguresAgain(watch)
    },
  )

  test(
    'E1.0.2 cache-stats --watch prints figures, says in a round without an answer that the server is gone, prints figures again, and ends with an interruption',
    SLOW,
    async ({ project }) => {
      await using cache = await serveFakeCache(infoWith({ hits: 3, misses: 1 }))

      await using watch = await startWatch(project, 'cache-stats', cache)

      await expectFiguresAgain(watch)
    },
  )
})
