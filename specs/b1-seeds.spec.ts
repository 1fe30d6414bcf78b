import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { migrate, urlForRole } from './vocabulary/migrations.ts'
import { emptyTables } from './vocabulary/sample-rows.ts'
import {
  DOCUMENTED_PASSWORD,
  fillDatabase,
  markEnvironment,
  publishedDocuments,
  readSeed,
  seed,
  storedDocuments,
  verifiesPassword,
} from './vocabulary/seeds.ts'
import { beginWithToken, startSession } from './vocabulary/sessions.ts'

/** Max turned 18 on the day of registration, otto is over 100, and lea has a birthday every four years. */
const CAST = [
  ...[person('1', 'ada', '1990-12-10'), person('2', 'grace', '1986-12-09')],
  ...[person('3', 'katherine', '1988-08-26'), person('4', 'alan', '1992-06-23')],
  ...[person('5', 'hedy', '1994-11-09'), person('6', 'mary', '1981-04-09')],
  ...[person('7', 'dorothy', '1970-09-20'), person('8', 'emmy', '1962-03-23')],
  ...[person('9', 'lea', '2004-02-29'), person('a', 'max', '2008-10-01')],
  ...[person('b', 'otto', '1921-05-05'), person('c', 'nora', '1999-09-09')],
]

function person(digit: string, name: string, born: string) {
  return {
    id: `a0000000-0000-4000-8000-00000000000${digit}`,
    email: `${name}@hma.example`,
    date_of_birth: born,
  }
}

describe('B1.4 Seeds', () => {
  test('B1.4.1 reference data are the published documents with their hashes', async ({ project, db }) => {
    const loaded = await seed(project, db, ['reference'])

    expect(loaded).toMatchObject({ exitCode: 0 })
    expect(await storedDocuments(db)).toEqual(publishedDocuments(project))
  })

  test('B1.4.1 test users have names, stable ids and birth dates that others rely on', async ({
    project,
    db,
  }) => {
    await markEnvironment(db, 'development')

    const loaded = await seed(project, db, ['all', '--json'])

    expect(loaded).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(loaded.stdout)).toEqual({ loaded: { reference: 4, people: 47, models: 6 } })
    expect(await db.query('select id, email, date_of_birth from auth.users order by id')).toEqual(CAST)
    expect(await db.column('select distinct registered_on from auth.users')).toEqual(['2026-10-01'])
  })

  test('B1.4.1 a test user signs in with the documented password', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])
    const app = await db.as('hma_app')

    const [ada] = await app.query<{ user_id: string; password_hash: string }>(
      `select * from auth.find_credentials('Ada@hma.example')`,
    )

    expect(verifiesPassword(ada?.password_hash ?? '', DOCUMENTED_PASSWORD)).toBe(true)
    expect(verifiesPassword(ada?.password_hash ?? '', 'another')).toBe(false)
    await startSession(app, ada?.user_id ?? '')
    expect(await beginWithToken(app)).toBe(ada?.user_id)
  })

  test('B1.4.1 eleven test users have accepted every document, and nora none', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    await seed(project, db, ['all'])

    expect(
      await db.query(`select u.email, count(a.id)::int as accepted from auth.users u left join auth.legal_acceptance a on a.user_id = u.id
        group by u.id having count(a.id) <> 3 order by u.id`),
    ).toEqual([
      { email: 'ada@hma.example', accepted: 4 },
      { email: 'grace@hma.example', accepted: 4 },
      { email: 'nora@hma.example', accepted: 0 },
    ])
  })

  test('B1.4.1 seeds load whole into a database that takes row security now', async ({ project, db }) => {
    await markEnvironment(db, 'test')
    expect(await migrate(project, db, 'apply', '--with', 'rls')).toMatchObject({ exitCode: 0 })

    const loaded = await seed(project, db, ['all', '--json'])

    expect(loaded.exitCode).toBe(0)
    expect(JSON.parse(loaded.stdout)).toEqual({ loaded: { reference: 4, people: 47, models: 6 } })
    expect(await db.query('select id, email, date_of_birth from auth.users order by id')).toEqual(CAST)
  })

  test.for(['reference', 'all'])('B1.4.1 hma_migrator may load %s', async (what, { project, db }) => {
    await markEnvironment(db, 'test')

    expect(await seed(project, db, [what])).toMatchObject({ exitCode: 0 })
  })

  test('B1.4.1 hma_app loads nothing', async ({ project, db }) => {
    expect(await seed(project, db, ['reference'], urlForRole(db, 'hma_app'))).toMatchObject({ exitCode: 1 })
    expect(await db.count('reference.legal_documents')).toBe(0)
  })

  test('B1.4.1 a superuser loads nothing', async ({ project, db }) => {
    expect(await seed(project, db, ['reference'], db.url)).toMatchObject({ exitCode: 4 })
    expect(await db.count('reference.legal_documents')).toBe(0)
  })

  test.for([[], ['users'], ['all', 'people'], ['all', '--force']])(
    'B1.4.1 the loader refuses the arguments %j',
    async (words, { project, db }) => {
      expect(await seed(project, db, words)).toMatchObject({ exitCode: 2 })
      expect(await db.count('reference.legal_documents')).toBe(0)
    },
  )

  test.for([
    ['', 2],
    ['mysql://127.0.0.1/hma', 2],
    ['postgres://127.0.0.1:1/hma', 3],
  ] as const)(
    'B1.4.1 with the database URL "%s" the loader exits with %i',
    async ([url, exitCode], { project, db }) => {
      expect(await seed(project, db, ['reference'], url)).toMatchObject({ exitCode, stdout: '' })
    },
  )

  test('B1.4.1 the password may come from a file that ends with a newline', async ({ project, db }) => {
    const file = join(project.root, 'password')
    await writeFile(file, `${db.passwords.hma_migrator}\n`)
    const url = urlForRole(db, 'hma_migrator').replace(/:[^:@]+@/, '@')

    const loaded = await seed(project, db, ['reference'], url, { HMA_DATABASE_PASSWORD_FILE: file })

    expect(loaded).toMatchObject({ exitCode: 0 })
  })

  test('B1.4.1 the error for a missing password file names its variable', async ({ project, db }) => {
    const loaded = await seed(project, db, ['reference'], undefined, {
      HMA_DATABASE_PASSWORD_FILE: '/nowhere',
    })

    expect(loaded).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('HMA_DATABASE_PASSWORD_FILE'),
    })
  })

  test('B1.4.1 the loader exits with 1 for a database without a schema', async ({ project, emptyDb }) => {
    expect(await seed(project, emptyDb, ['reference'])).toMatchObject({ exitCode: 1 })
  })

  test('B1.4.1 no change of a failed seed remains', async ({ project, db }) => {
    const text = await readSeed(project, 'reference.sql')
    await writeFile(
      join(project.root, 'seeds/reference.sql'),
      text.replace('commit;', 'select 1 / 0; commit;'),
    )

    const loaded = await seed(project, db, ['reference'])

    expect(loaded.exitCode).toBe(1)
    expect(await db.count('reference.legal_documents')).toBe(0)
  })
})

describe('B1.4 Seeds under row security', () => {
  test.override('template', 'rls')

  test('B1.4.1 seeds load into a database with row security', async ({ project, db }) => {
    await markEnvironment(db, 'test')

    const loaded = await seed(project, db, ['all'])

    expect(loaded).toMatchObject({ exitCode: 0 })
    expect(await db.count('auth.legal_acceptance')).toBe(35)
  })
})

describe('The sample rows of other specs', () => {
  test('a filled database has rows in every table and an audit log without findings', async ({ db }) => {
    await fillDatabase(db)

    expect(await emptyTables(db)).toEqual([])
    expect(await db.query('select from audit.verify()')).toEqual([])
  })
})
