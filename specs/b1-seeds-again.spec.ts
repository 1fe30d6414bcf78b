import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { idsOfPeople, markEnvironment, readSeed, rowVersions, seed } from './vocabulary/seeds.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.4 Seeds that are loaded again', () => {
  test('B1.4.2 loading seeds twice changes no row and writes no audit record', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])
    const before = await rowVersions(db)

    const again = await seed(project, db, ['all', '--json'])

    expect(again).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(again.stdout)).toEqual({ loaded: { reference: 0, people: 0, models: 0 } })
    expect(await rowVersions(db)).toEqual(before)
  })

  test('B1.4.2 two concurrent loaders load each row once', async ({ project, db }) => {
    await markEnvironment(db, 'test')

    const loaders = await Promise.all([seed(project, db, ['all']), seed(project, db, ['all'])])

    expect(loaders.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(await db.count('auth.legal_acceptance')).toBe(35)
  })

  test('B1.4.2 later changes of a test user and of the example models stay', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])
    await db.query(`update auth.users set email = 'countess@hma.example', password_hash = 'y', date_of_birth = '1989-01-01'
      where email = 'ada@hma.example';
      update ml.model set stage = 'archived', task = 'another-task', description = 'Changed.'`)
    const before = await rowVersions(db)

    const again = await seed(project, db, ['all'])

    expect(again.exitCode).toBe(0)
    expect(await rowVersions(db)).toEqual(before)
  })

  test('B1.4.2 a deleted test user is loaded again, and the others stay', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])
    await db.query(`delete from auth.users where email = 'alan@hma.example'`)

    const again = await seed(project, db, ['people', '--json'])

    expect(again).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(again.stdout)).toEqual({ loaded: { people: 4 } })
    expect(await idsOfPeople(db, 'alan')).toEqual(['a0000000-0000-4000-8000-000000000004'])
  })

  test('B1.4.2 an email address that is in use stays with its user', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    const taker = await insertUser(db, { email: 'ADA@hma.example' })

    const loaded = await seed(project, db, ['all'])

    expect(loaded.exitCode).toBe(0)
    expect(await db.query('select from auth.legal_acceptance where user_id = $1', [taker])).toEqual([])
  })

  test('B1.4.2 a changed document of the same version is refused', async ({ project, db }) => {
    await seed(project, db, ['reference'])
    const before = await rowVersions(db)
    const text = await readSeed(project, 'reference.sql')
    await writeFile(join(project.root, 'seeds/reference.sql'), text.replace(/\\x6f93/, '\\x6f94'))

    const again = await seed(project, db, ['reference'])

    expect(again).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('published_documents_are_final'),
    })
    expect(await rowVersions(db)).toEqual(before)
  })
})

describe('B1.4 Seeds under row security', () => {
  test.override('template', 'rls')

  test('B1.4.2 loading twice changes nothing under row security', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])
    const before = await rowVersions(db)

    await seed(project, db, ['all'])

    expect(await rowVersions(db)).toEqual(before)
  })
})
