import { describe, expect, test } from '../harness/index.ts'
import { VIEWS } from './vocabulary/figures.ts'
import { matrix } from './vocabulary/matrix.ts'
import {
  attemptOwnerStatements,
  attemptPublicStatements,
  attemptSystemObjects,
} from './vocabulary/owner-statements.ts'
import { privilegesBeyondTheMatrix, privilegesOf, queriesOfOthersSeenBy } from './vocabulary/privileges.ts'
import { insertUserGroup } from './vocabulary/user-groups.ts'

describe('C1.0 Roles of the application and of analytics', () => {
  test('C1.0.2 hma_app acts on neither schema, roles, files nor server', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptOwnerStatements(db, app)).toEqual([])
  })

  test('C1.0.2 hma_app gets nothing of what Postgres keeps from PUBLIC', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptSystemObjects(db, app)).toEqual([])
  })

  test('C1.0.2 hma_app reaches no object beyond the matrix', async ({ db }) => {
    const beyond = await privilegesBeyondTheMatrix(db, 'hma_app')

    expect(beyond).toEqual([])
  })

  test('C1.0.2 a CREATE granted by mistake lets nobody change the schema', async ({ db }) => {
    await db.query(
      `grant create on schema auth to hma_app; grant temporary on database ${db.name} to hma_app`,
    )
    const app = await db.as('hma_app')

    await expect(app.query('create table auth.trial ()')).toBeDenied()
    await expect(app.query('create temporary table trial ()')).toBeDenied()
  })

  test('C1.0.2 hma_app does not see what others are doing', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await queriesOfOthersSeenBy(app)).toEqual([])
  })

  test('C1.0.2 what Postgres lets every login do is known', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptPublicStatements(app)).toEqual(Object.keys(matrix['every login']))
  })

  test.for(VIEWS)('C1.0.3 analytics_reader reads %s', async (view, { db }) => {
    await insertUserGroup(db, { count: 10 })
    const reader = await db.as('analytics_reader')

    await expect(reader.count(`analytics.${view}`)).resolves.toBe(1)
  })

  test('C1.0.3 a transaction of analytics_reader reads only, unless it asks for more', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    await expect(reader.query('create table analytics.trial ()')).toFailWith('25006')
  })

  test('C1.0.3 analytics_reader writes nothing when it does ask, and acts on nothing', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await attemptOwnerStatements(db, reader)).toEqual([])
  })

  test('C1.0.3 analytics_reader does to no object anything but read analytics', async ({ db }) => {
    const held = await privilegesOf(db, 'analytics_reader')

    expect(held.filter((cell) => !/^(?:usage schema analytics$|select analytics\.)/.test(cell))).toEqual([])
  })

  test('C1.0.3 analytics_reader gets nothing of what Postgres keeps from PUBLIC', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await attemptSystemObjects(db, reader)).toEqual([])
  })

  test('C1.0.3 analytics_reader does not see what others are doing', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await queriesOfOthersSeenBy(reader)).toEqual([])
  })

  test('C1.0.3 statistics about people tell analytics_reader nothing', async ({ db }) => {
    await insertUserGroup(db, { count: 10 })
    await db.query('analyze auth.users, auth.sessions, auth.legal_acceptance')
    const reader = await db.as('analytics_reader')

    const told = await reader.query(`select tablename, attname from pg_stats where schemaname = 'auth'`)

    expect(told).toEqual([])
  })
})
