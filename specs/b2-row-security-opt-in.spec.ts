import { describe, expect, test } from '../harness/index.ts'
import { migrate } from './vocabulary/migrations.ts'
import {
  tablesWithoutForcedRowSecurity,
  tablesWithRowSecurity,
  useWholeApplication,
} from './vocabulary/opt-in.ts'
import { policiesIn } from './vocabulary/policies.ts'
import { identifiedApp, rowsOf, twoMembers, visibleRows } from './vocabulary/row-security.ts'

describe('B2.1 Without the opt-in to row security', () => {
  test('B2.1.1 without the opt-in no table has row security or a policy', async ({ db }) => {
    expect(await policiesIn(db)).toEqual([])
    expect(await tablesWithRowSecurity(db)).toEqual([])
  })

  test('B2.1.1 without the opt-in the application registers, signs in, accepts and signs out', async ({
    db,
  }) => {
    const day = useWholeApplication(db)

    await expect(day).resolves.toEqual({
      registered: 'accepted',
      isIdentified: true,
      sessions: 1,
      accepted: 1,
      ended: true,
    })
  })

  test('B2.1.1 without the opt-in the application reads all rows', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)

    const app = await identifiedApp(db, ada)

    expect(await visibleRows(app)).toEqual(rowsOf(ada, grace))
  })

  test('B2.1.1 the opt-in can be applied later, to a database in use', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    const { ada, grace } = await twoMembers(emptyDb)

    const taken = await migrate(project, emptyDb, 'apply', '--with', 'rls')

    expect(taken.exitCode).toBe(0)
    expect(await tablesWithoutForcedRowSecurity(emptyDb)).toEqual([])
    expect(await visibleRows(emptyDb)).toEqual(rowsOf(ada, grace))
  })
})
