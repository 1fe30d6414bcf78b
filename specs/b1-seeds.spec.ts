import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '../harness/index.ts'
import { emptyTables } from './vocabulary/sample-rows.ts'
import {
  documentsOf,
  fill,
  footprintOf,
  isPasswordOf,
  mark,
  PASSWORD,
  peopleNamed,
  readSeed,
  seed,
  textsOf,
  urlFor,
} from './vocabulary/seeds.ts'
import { beginWithToken, startSession } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.4 Seeds', () => {
  test('B1.4.1 reference data are the published texts with their hashes', async ({ project, db }) => {
    const loaded = await seed(project, db, ['reference'])

    expect(loaded).toMatchObject({ exitCode: 0 })
    expect(await documentsOf(db)).toEqual(textsOf(project))
  })

  test('B1.4.1 test users have names, and ids that stay', async ({ project, db }) => {
    await mark(db, 'development')

    const loaded = await seed(project, db, ['all', '--json'])

    expect(JSON.parse(loaded.stdout)).toEqual({ loaded: { reference: 4, people: 47 } })
    expect(await db.count('auth.users')).toBe(12)
    expect(await peopleNamed(db, 'ada', 'nora')).toEqual([
      'a0000000-0000-4000-8000-000000000001',
      'a0000000-0000-4000-8000-00000000000c',
    ])
  })

  test('B1.4.1 a test user signs in with the documented password', async ({ project, db }) => {
    await mark(db, 'test')
    await seed(project, db, ['all'])
    const app = await db.as('hma_app')

    const [ada] = await app.query<{ user_id: string; password_hash: string }>(
      `select * from auth.find_credentials('Ada@hma.example')`,
    )

    expect(isPasswordOf(ada?.password_hash ?? '', PASSWORD)).toBe(true)
    expect(isPasswordOf(ada?.password_hash ?? '', 'another')).toBe(false)
    await startSession(app, ada?.user_id ?? '')
    expect(await beginWithToken(app)).toBe(ada?.user_id)
  })

  test('B1.4.1 eleven test users have accepted every document, and nora none', async ({ project, db }) => {
    await mark(db, 'test')
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

  test.for(['reference', 'all'])('B1.4.1 who may migrate may load %s', async (what, { project, db }) => {
    await mark(db, 'test')

    expect(await seed(project, db, [what], urlFor(db, 'hma_migrator'))).toMatchObject({ exitCode: 0 })
  })

  test('B1.4.1 who may not migrate loads nothing', async ({ project, db }) => {
    expect(await seed(project, db, ['reference'], urlFor(db, 'hma_app'))).toMatchObject({ exitCode: 1 })
    expect(await db.count('reference.legal_documents')).toBe(0)
  })

  test.for([[], ['users'], ['all', 'people'], ['all', '--force']])(
    'B1.4.1 %j is no wish of the loader',
    async (words, { project, db }) => {
      expect(await seed(project, db, words)).toMatchObject({ exitCode: 2 })
      expect(await db.count('reference.legal_documents')).toBe(0)
    },
  )

  test.for([
    ['', 2],
    ['mysql://127.0.0.1/hma', 2],
    ['postgres://127.0.0.1:1/hma', 3],
  ] as const)('B1.4.1 the address "%s" ends with exit code %i', async ([url, exitCode], { project, db }) => {
    expect(await seed(project, db, ['reference'], url)).toMatchObject({ exitCode, stdout: '' })
  })

  test('B1.4.1 the password may come from a file, which ends in a newline', async ({ project, db }) => {
    const file = join(project.root, 'password')
    await writeFile(file, `${new URL(db.url).password}\n`)
    const url = db.url.replace(/:[^:@]+@/, '@')

    const loaded = await seed(project, db, ['reference'], url, { HMA_DATABASE_PASSWORD_FILE: file })

    expect(loaded).toMatchObject({ exitCode: 0 })
  })

  test('B1.4.1 a password file that is not there is named', async ({ project, db }) => {
    const loaded = await seed(project, db, ['reference'], db.url, { HMA_DATABASE_PASSWORD_FILE: '/nowhere' })

    expect(loaded).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('HMA_DATABASE_PASSWORD_FILE'),
    })
  })

  test('B1.4.1 a database without a schema is named as a failure', async ({ project, emptyDb }) => {
    expect(await seed(project, emptyDb, ['reference'])).toMatchObject({ exitCode: 1 })
  })

  test('B1.4.1 a seed that fails leaves nothing of itself', async ({ project, db }) => {
    const text = await readSeed(project, 'reference.sql')
    await writeFile(
      join(project.root, 'seeds/reference.sql'),
      text.replace('commit;', 'select 1 / 0; commit;'),
    )

    const loaded = await seed(project, db, ['reference'])

    expect(loaded.exitCode).toBe(1)
    expect(await db.count('reference.legal_documents')).toBe(0)
  })

  test('B1.4.2 loading seeds twice changes no row and writes no audit record', async ({ project, db }) => {
    await mark(db, 'test')
    await seed(project, db, ['all'])
    const before = await footprintOf(db)

    const again = await seed(project, db, ['all', '--json'])

    expect(JSON.parse(again.stdout)).toEqual({ loaded: { reference: 0, people: 0 } })
    expect(await footprintOf(db)).toEqual(before)
  })

  test('B1.4.2 two loaders at once load each row once', async ({ project, db }) => {
    await mark(db, 'test')

    const loaders = await Promise.all([seed(project, db, ['all']), seed(project, db, ['all'])])

    expect(loaders.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    expect(await db.count('auth.legal_acceptance')).toBe(35)
  })

  test('B1.4.2 what somebody changed since stays as it is', async ({ project, db }) => {
    await mark(db, 'test')
    await seed(project, db, ['all'])
    await db.query(`update auth.users set email = 'countess@hma.example', password_hash = 'y', date_of_birth = '1989-01-01'
      where email = 'ada@hma.example'`)
    const before = await footprintOf(db)

    await seed(project, db, ['all'])

    expect(await footprintOf(db)).toEqual(before)
  })

  test('B1.4.2 a person who is missing comes back, and the others stay', async ({ project, db }) => {
    await mark(db, 'test')
    await seed(project, db, ['all'])
    await db.query(`delete from auth.users where email = 'alan@hma.example'`)

    const again = await seed(project, db, ['people', '--json'])

    expect(JSON.parse(again.stdout)).toEqual({ loaded: { people: 4 } })
    expect(await peopleNamed(db, 'alan')).toEqual(['a0000000-0000-4000-8000-000000000004'])
  })

  test('B1.4.2 an address that somebody took is left to them', async ({ project, db }) => {
    await mark(db, 'test')
    const taker = await insertUser(db, { email: 'ADA@hma.example' })

    const loaded = await seed(project, db, ['all'])

    expect(loaded.exitCode).toBe(0)
    expect(await db.query('select from auth.legal_acceptance where user_id = $1', [taker])).toEqual([])
  })

  test('B1.4.2 a text that changed under its old version is refused', async ({ project, db }) => {
    await seed(project, db, ['reference'])
    const before = await footprintOf(db)
    const text = await readSeed(project, 'reference.sql')
    await writeFile(join(project.root, 'seeds/reference.sql'), text.replace(/\\x6f93/, '\\x6f94'))

    const again = await seed(project, db, ['reference'])

    expect(again).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('published_documents_are_final'),
    })
    expect(await footprintOf(db)).toEqual(before)
  })
})

describe('B1.4 Seeds under row security', () => {
  test.override('template', 'rls')

  test('B1.4.1 seeds load into a database with row security', async ({ project, db }) => {
    await mark(db, 'test')

    const loaded = await seed(project, db, ['all'])

    expect(loaded).toMatchObject({ exitCode: 0 })
    expect(await db.count('auth.legal_acceptance')).toBe(35)
  })

  test('B1.4.2 with row security, too, loading twice changes nothing', async ({ project, db }) => {
    await mark(db, 'test')
    await seed(project, db, ['all'])
    const before = await footprintOf(db)

    await seed(project, db, ['all'])

    expect(await footprintOf(db)).toEqual(before)
  })
})

describe('The rows that other specs stand on', () => {
  test('a filled database has rows in every table, and an audit that holds', async ({ db }) => {
    await fill(db)

    expect(await emptyTables(db)).toEqual([])
    expect(await db.query('select from audit.verify()')).toEqual([])
  })
})
