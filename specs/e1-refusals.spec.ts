import { describe, expect, test } from '../harness/index.ts'
import { restartWith } from './vocabulary/database-load.ts'
import { refusedFigures, refusedWith, useUpConnections } from './vocabulary/refused-figures.ts'

const COUNTING = { shared_preload_libraries: 'pg_stat_statements' }
/** Three of them are for superusers. */
const FEW = { max_connections: '6' }
/** A column that db-stats reads has another name, and a function that slow-queries calls is no longer granted. */
const BREAK_FIGURES = `
  alter table audit.audit_seal rename column sealed_at to sealed_on;
  revoke execute on function statistics.pg_stat_statements_info() from public, hma_monitor`

describe('E1.0 What the server refuses', () => {
  test.for(['db-stats', 'slow-queries'] as const)(
    'E1.0.2 %s says that the server is full where no connection is left',
    async (script, { cluster, project }) => {
      await restartWith(cluster, FEW)
      await using db = await cluster.database()
      await useUpConnections(db)

      expect(await refusedFigures(project, script, db)).toEqual(refusedWith(3, 'full'))
    },
  )

  test.for(['db-stats', 'slow-queries'] as const)(
    'E1.0.2 %s says that the server refuses a wrong password',
    async (script, { db, project }) => {
      const place = { url: db.url, passwords: { hma_monitor: 'wrong' } }

      expect(await refusedFigures(project, script, place)).toEqual(refusedWith(1, 'refused', '28P01'))
    },
  )

  test.for([
    ['db-stats', '42703'],
    ['slow-queries', '42501'],
  ] as const)(
    'E1.0.2 %s says in one line that the server refuses the query of a figure',
    async ([script, sqlstate], { cluster, project }) => {
      await restartWith(cluster, COUNTING)
      await using db = await cluster.database()
      await db.query(BREAK_FIGURES)

      expect(await refusedFigures(project, script, db)).toEqual(refusedWith(1, 'refused', sqlstate))
    },
  )
})
