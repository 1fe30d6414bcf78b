import { describe, expect, test } from '../harness/index.ts'
import { attemptEveryAct, attemptWhatEveryLoginMay, attemptWhatPostgresKeeps } from './vocabulary/acts.ts'
import { matrix } from './vocabulary/matrix.ts'

describe('C1.0 Roles of the application and of analytics', () => {
  test('C1.0.2 hma_app acts on neither schema, roles, files nor server', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptEveryAct(db, app)).toEqual([])
  })

  test('C1.0.2 hma_app gets nothing of what Postgres keeps from PUBLIC', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptWhatPostgresKeeps(db, app)).toEqual([])
  })

  test('C1.0.2 what Postgres lets every login do is known', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptWhatEveryLoginMay(app)).toEqual(Object.keys(matrix['every login']))
  })
})
