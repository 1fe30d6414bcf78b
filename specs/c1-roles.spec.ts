import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { ANALYTICS_VIEWS } from './vocabulary/analytics.ts'
import { LOGINS, matrix } from './vocabulary/matrix.ts'
import { unboundedTextsFor } from './vocabulary/outsiders.ts'
import {
  attemptOwnerStatements,
  attemptPublicStatements,
  attemptSystemObjects,
} from './vocabulary/owner-statements.ts'
import { privilegesBeyondTheMatrix, privilegesOf, visibleQueriesOfOthers } from './vocabulary/privileges.ts'
import { membershipsOf } from './vocabulary/rare-grants.ts'
import {
  connectionLimits,
  connectionsForLogins,
  connectToDatabases,
  fillTemporaryFiles,
  logInUntilRefused,
} from './vocabulary/server-limits.ts'
import { insertUserGroup } from './vocabulary/user-groups.ts'

describe('C1.0 Roles of the application and of analytics', () => {
  test('C1.0.2 hma_app changes neither schema nor roles, files or server', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptOwnerStatements(db, app)).toEqual([])
  })

  test('C1.0.2 hma_app gets nothing that Postgres reserves', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptSystemObjects(db, app)).toEqual([])
  })

  test('C1.0.2 hma_app has no privilege beyond the matrix', async ({ db }) => {
    const beyond = await privilegesBeyondTheMatrix(db, 'hma_app')

    expect(beyond).toEqual([])
  })

  test.for(['hma_app', 'analytics_reader', 'hma_ml'])(
    'C1.0.2 %s is a member of no role',
    async (role, { db }) => {
      expect(await membershipsOf(db, role)).toEqual([])
    },
  )

  test('C1.0.2 no login connects to another database of the server', async ({ cluster }) => {
    const answers = await connectToDatabases(cluster)

    const own = (await cluster.database()).name
    const logins = [...new Set(answers.map(({ login }) => login))]
    expect(logins).toEqual(expect.arrayContaining(LOGINS))
    // A database that accepts no connection says so first (55000).
    expect(answers.filter(({ code }) => code !== '42501' && code !== '55000')).toEqual(
      logins.map((login) => ({ login, database: own, code: null })),
    )
  })

  test('C1.0.2 a statement of a login that writes too many temporary files ends with an error', async ({
    cluster,
  }) => {
    const answers = await fillTemporaryFiles(cluster)

    // A backup and the build of an index need what the tables need.
    expect(Object.fromEntries(answers.map(({ login, code }) => [login, code]))).toEqual({
      analytics_reader: '53400',
      hma_app: '53400',
      hma_backup: null,
      hma_migrator: null,
      hma_ml: '53400',
      hma_monitor: '53400',
    })
  })

  test.for(LOGINS.filter((login) => login !== 'hma_migrator'))(
    'C1.0.2 %s cannot raise its limit of temporary files',
    async (login, { db }) => {
      const session = await db.as(login)
      await session.query('set default_transaction_read_only = off')

      await expect(session.query('set temp_file_limit = -1')).toBeDenied()
      await expect(session.query('alter role current_user set temp_file_limit = -1')).toBeDenied()
    },
  )

  test('C1.0.2 all logins together leave connections to the superuser', async ({ db, project }) => {
    const limits = await connectionLimits(db)

    expect(Math.min(...limits)).toBeGreaterThan(0)
    expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(
      await connectionsForLogins(project),
    )
  })

  test('C1.0.3 analytics_reader takes no more than its five connections', async ({ cluster }) => {
    const logins = await logInUntilRefused(cluster, 'analytics_reader', 10)

    expect(logins).toEqual({ count: 5, sqlstate: '53300' })
  })

  test('C1.0.3 a statement that takes too much memory ends alone', async ({ db }) => {
    const startedAt = await db.value('select pg_postmaster_start_time()')
    const reader = await db.as('analytics_reader')
    await reader.query(`set work_mem = '2GB'`)

    await expect(reader.query(`select length(repeat('x', 1000 * 1000 * 1000))`)).toFailWith('53200')
    expect(await db.value('select pg_postmaster_start_time()')).toBe(startedAt)
  })

  test('C1.0.3 analytics_reader cannot raise its limits', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await reader.value('show temp_file_limit')).toBe('256MB')
    await expect(reader.query('set temp_file_limit = -1')).toBeDenied()
    await reader.query('set default_transaction_read_only = off')
    await expect(reader.query('alter role current_user set temp_file_limit = -1')).toBeDenied()
    await expect(reader.query('alter role current_user connection limit 50')).toBeDenied()
  })

  test('C1.0.2 every text that the application can write has a bound', async ({ db }) => {
    await createAccount(db)

    expect(await unboundedTextsFor(db, 'hma_app', 'hma_auth_definer')).toEqual([])
  })

  test('C1.0.2 a CREATE privilege granted by mistake does not allow schema changes', async ({ db }) => {
    await db.query(
      `grant create on schema auth to hma_app; grant temporary on database ${db.name} to hma_app`,
    )
    const app = await db.as('hma_app')

    await expect(app.query('create table auth.trial ()')).toBeDenied()
    await expect(app.query('create temporary table trial ()')).toBeDenied()
  })

  test('C1.0.2 hma_app does not see the statements of other logins', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await visibleQueriesOfOthers(app)).toEqual([])
  })

  test('C1.0.2 what Postgres allows every login is listed', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await attemptPublicStatements(app)).toEqual(Object.keys(matrix['every login']))
  })

  test.for(ANALYTICS_VIEWS)('C1.0.3 analytics_reader reads %s', async (view, { db }) => {
    await insertUserGroup(db, { count: 10 })
    const reader = await db.as('analytics_reader')

    await expect(reader.count(`analytics.${view}`)).resolves.toBe(1)
  })

  test('C1.0.3 a transaction of analytics_reader is read-only by default', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    await expect(reader.query('create table analytics.trial ()')).toFailWith('25006')
  })

  test('C1.0.3 analytics_reader changes nothing in a read-write transaction either', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await attemptOwnerStatements(db, reader)).toEqual([])
  })

  test('C1.0.3 analytics_reader has no privilege but to read analytics', async ({ db }) => {
    const held = await privilegesOf(db, 'analytics_reader')

    expect(held.filter((cell) => !/^(?:usage schema analytics$|select analytics\.)/.test(cell))).toEqual([])
  })

  test('C1.0.3 analytics_reader gets nothing that Postgres reserves', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await attemptSystemObjects(db, reader)).toEqual([])
  })

  test('C1.0.3 analytics_reader does not see the statements of other logins', async ({ db }) => {
    const reader = await db.as('analytics_reader')

    expect(await visibleQueriesOfOthers(reader)).toEqual([])
  })

  test('C1.0.3 analytics_reader learns nothing from column statistics', async ({ db }) => {
    await insertUserGroup(db, { count: 10 })
    await db.query('analyze auth.users, auth.sessions, auth.legal_acceptance')
    const reader = await db.as('analytics_reader')

    const visible = await reader.query(`select tablename, attname from pg_stats where schemaname = 'auth'`)

    expect(visible).toEqual([])
  })
})
