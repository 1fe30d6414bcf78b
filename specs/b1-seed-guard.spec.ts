import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { feed, fill, mark, markAgain, readSeed, seed, urlFor } from './vocabulary/seeds.ts'

describe('B1.4 Test users and production', () => {
  test.for(['people', 'all'])(
    'B1.4.3 %s is refused by a database marked as production, and nothing is loaded',
    async (what, { project, db }) => {
      await mark(db, 'production')

      const loaded = await seed(project, db, [what])

      expect(loaded).toMatchObject({ exitCode: 4, stdout: '' })
      expect(await db.count('auth.users')).toBe(0)
      expect(await db.count('reference.legal_documents')).toBe(0)
    },
  )

  test('B1.4.3 test users are refused by a database that nobody marked', async ({ project, db }) => {
    await db.query('delete from ops.environment')

    expect(await seed(project, db, ['people'])).toMatchObject({ exitCode: 4 })
    expect(await db.count('auth.users')).toBe(0)
  })

  test('B1.4.3 test users are refused by a database without a schema', async ({ project, emptyDb }) => {
    expect(await seed(project, emptyDb, ['people'])).toMatchObject({ exitCode: 4 })
  })

  test('B1.4.3 who may migrate is refused like the superuser', async ({ project, db }) => {
    await mark(db, 'production')

    expect(await seed(project, db, ['people'], urlFor(db, 'hma_migrator'))).toMatchObject({ exitCode: 4 })
  })

  test.for(['development', 'test'])(
    'B1.4.3 test users are let into a database marked %s',
    async (environment, { project, db }) => {
      await mark(db, environment)

      expect(await seed(project, db, ['all'])).toMatchObject({ exitCode: 0 })
      expect(await db.count('auth.users')).toBe(12)
    },
  )

  test('B1.4.3 reference data are let into production', async ({ project, db }) => {
    await mark(db, 'production')

    expect(await seed(project, db, ['reference'])).toMatchObject({ exitCode: 0 })
    expect(await db.count('reference.legal_documents')).toBe(4)
  })

  test('B1.4.3 the file refuses production by itself', async ({ project, db }) => {
    await mark(db, 'production')
    await feed(db, project, 'reference.sql')

    await expect(db.query(await readSeed(project, 'people.sql'))).toBreakRule(
      'test_people_stay_out_of_production',
    )
  })

  test.for(['', `select ops.mark_environment('production')`])(
    'B1.4.3 a client that goes on after errors seeds no test user: unmarked, then %j',
    async (marking, { project, db }) => {
      await db.query(`delete from ops.environment; ${marking}`)
      await feed(db, project, 'reference.sql')

      await feed(db, project, 'people.sql')

      expect(await db.count('auth.users')).toBe(0)
      expect(await db.count('auth.legal_acceptance')).toBe(0)
    },
  )

  test('B1.4.3 the same client seeds test users where they may be', async ({ project, db }) => {
    await mark(db, 'test')
    await feed(db, project, 'reference.sql')

    await feed(db, project, 'people.sql')

    expect(await db.count('auth.users')).toBe(12)
  })

  test('B1.4.3 the loader refuses production even for a file that lost its guard', async ({
    project,
    db,
  }) => {
    await mark(db, 'production')
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
    await mark(db, 'production')

    await expect(db.query(change)).toBreakRule(rule)
  })

  test('B1.4.3 marking production again changes nothing', async ({ db }) => {
    await mark(db, 'production')

    await expect(markAgain(db, 'production')).toBeAccepted()
    expect(await db.value('select name from ops.environment')).toBe('production')
  })

  test('B1.4.3 a database with test users does not become production', async ({ db }) => {
    await fill(db)

    await expect(markAgain(db, 'production')).toBreakRule('production_starts_as_production')
  })

  test.for(['staging', 'Production', ''])('B1.4.3 %j is no kind of database', async (environment, { db }) => {
    await expect(markAgain(db, environment)).toBreakRule('environments_are_known')
  })
})
