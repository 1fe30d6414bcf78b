import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { migratorWithRole } from './vocabulary/logins.ts'
import {
  fillDatabase,
  markEnvironment,
  readSeed,
  remarkEnvironment,
  runEachStatement,
  seed,
  unmarkEnvironment,
} from './vocabulary/seeds.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.4 Test users and production', () => {
  test.for(['people', 'all'])(
    'B1.4.3 a database marked as production refuses %s, and nothing is loaded',
    async (what, { project, db }) => {
      await markEnvironment(db, 'production')

      const loaded = await seed(project, db, [what])

      expect(loaded).toMatchObject({ exitCode: 4, stdout: '' })
      expect(await db.count('auth.users')).toBe(0)
      expect(await db.count('reference.legal_documents')).toBe(0)
    },
  )

  test('B1.4.3 a database without a mark refuses test users', async ({ project, db }) => {
    await unmarkEnvironment(db)

    expect(await seed(project, db, ['people'])).toMatchObject({ exitCode: 4 })
    expect(await db.count('auth.users')).toBe(0)
  })

  test('B1.4.3 a database without a schema refuses test users', async ({ project, emptyDb }) => {
    expect(await seed(project, emptyDb, ['people'])).toMatchObject({ exitCode: 4 })
  })

  test.for(['development', 'test'])(
    'B1.4.3 a database marked %s accepts test users',
    async (environment, { project, db }) => {
      await markEnvironment(db, environment)

      expect(await seed(project, db, ['all'])).toMatchObject({ exitCode: 0 })
      expect(await db.count('auth.users')).toBe(12)
    },
  )

  test('B1.4.3 production accepts reference data', async ({ project, db }) => {
    await markEnvironment(db, 'production')

    expect(await seed(project, db, ['reference'])).toMatchObject({ exitCode: 0 })
    expect(await db.count('reference.legal_documents')).toBe(4)
  })

  test('B1.4.3 the seed file itself refuses production', async ({ project, db }) => {
    await markEnvironment(db, 'production')
    await runEachStatement(db, project, 'reference.sql')

    await expect(db.query(await readSeed(project, 'people.sql'))).toBreakRule(
      'test_users_stay_out_of_production',
    )
  })

  test.for(['', `select ops.mark_environment('production')`])(
    'B1.4.3 a client that continues after errors loads no test user: without a mark, then %j',
    async (marking, { project, db }) => {
      await unmarkEnvironment(db)
      await db.query(marking)
      await runEachStatement(db, project, 'reference.sql')

      await runEachStatement(db, project, 'people.sql')

      expect(await db.count('auth.users')).toBe(0)
      expect(await db.count('auth.legal_acceptance')).toBe(0)
    },
  )

  test('B1.4.3 such a client loads test users into a test database', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await runEachStatement(db, project, 'reference.sql')

    await runEachStatement(db, project, 'people.sql')

    expect(await db.count('auth.users')).toBe(12)
  })

  test('B1.4.3 the loader refuses production when the seed file has no guard', async ({ project, db }) => {
    await markEnvironment(db, 'production')
    const text = await readSeed(project, 'people.sql')
    const unguarded = text.replace(/do \$\$[\s\S]*?\$\$;/, '')
    await writeFile(join(project.root, 'seeds/people.sql'), unguarded)

    const loaded = await seed(project, db, ['people'])

    expect(loaded).toMatchObject({ exitCode: 4 })
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for([
    [`select ops.mark_environment('development')`, 'production_stays_production'],
    [`update ops.environment set name = 'test'`, 'production_stays_production'],
    ['delete from ops.environment', 'production_stays_production'],
    ['truncate ops.environment', 'production_stays_production_as_a_whole'],
  ] as const)('B1.4.3 production stays production: no %s', async ([change, rule], { db }) => {
    await markEnvironment(db, 'production')

    await expect(db.query(change)).toBreakRule(rule)
  })

  test('B1.4.3 marking production again changes nothing', async ({ db }) => {
    await markEnvironment(db, 'production')

    await expect(remarkEnvironment(db, 'production')).toBeAccepted()
    expect(await db.value('select name from ops.environment')).toBe('production')
  })

  test('B1.4.3 a database with test users does not become production', async ({ db }) => {
    await fillDatabase(db)

    await expect(remarkEnvironment(db, 'production')).toBreakRule('production_starts_as_production')
  })

  test.for([
    ['delete from ops.environment', 'the_environment_is_kept'],
    ['truncate ops.environment', 'production_stays_production_as_a_whole'],
    [`update ops.environment set name = 'production'`, 'production_starts_as_production'],
    [
      `insert into ops.environment (name) values ('production') on conflict (only_row) do update set name = 'production'`,
      'production_starts_as_production',
    ],
    [
      `merge into ops.environment using (select) s on true when matched then delete`,
      'the_environment_is_kept',
    ],
  ] as const)(
    'B1.4.3 the owner cannot make it production, step by step: no %s',
    async ([change, rule], { db }) => {
      await fillDatabase(db)
      const owner = await migratorWithRole(db, 'hma_owner')

      await expect(owner.query(change)).toBreakRule(rule)
      expect(await db.column('select name from ops.environment')).toEqual(['test'])
    },
  )

  test('B1.4.3 a database with test users that was never marked does not become production', async ({
    db,
  }) => {
    await fillDatabase(db)
    await unmarkEnvironment(db)
    const owner = await migratorWithRole(db, 'hma_owner')

    await expect(remarkEnvironment(owner, 'production')).toBreakRule('production_has_no_test_users')
  })

  test('B1.4.3 a database with other users that was never marked becomes production', async ({ db }) => {
    await insertUser(db)
    await unmarkEnvironment(db)

    await expect(remarkEnvironment(db, 'production')).toBeAccepted()
  })

  test.for(['staging', 'Production', ''])(
    'B1.4.3 a database cannot be marked as %j',
    async (environment, { db }) => {
      await expect(remarkEnvironment(db, environment)).toBreakRule('environments_are_known')
    },
  )
})
