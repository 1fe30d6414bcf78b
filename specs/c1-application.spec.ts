import { describe, expect, test } from '../harness/index.ts'
import { acceptDocument, publishDocument } from './vocabulary/documents.ts'
import { sqlstatesOf } from './vocabulary/errors.ts'
import { grantsTo } from './vocabulary/matrix.ts'
import { objectsOf } from './vocabulary/objects.ts'
import { register } from './vocabulary/registration.ts'
import { beginWithToken, endSession, startSession } from './vocabulary/sessions.ts'

/** The id under which the application finds who registered. */
const credentials = `select user_id, password_hash from auth.find_credentials('MIA@example.org')`

describe.each(['default', 'rls'])('C1.0 The application on a database of the kind %s', (template) => {
  test.override('template', template)

  test('C1.0.1 the application registers a user', async ({ db }) => {
    const app = await db.as('hma_app')

    const answer = register(app, { email: 'mia@example.org' })

    await expect(answer).toBeAccepted()
    expect(await answer).toBe('accepted')
    expect(await db.query('select email from auth.users')).toEqual([{ email: 'mia@example.org' }])
  })

  test('C1.0.1 a request with a long id is served like any other', async ({ db }) => {
    const app = await db.as('hma_app')
    const request = 'r'.repeat(1000)

    const answer = register(app, { request })

    await expect(answer).toBeAccepted()
    expect(await answer).toBe('accepted')
    await startSession(app, await db.value('select id from auth.users'))
    expect(await beginWithToken(app, 'a token', request)).not.toBeNull()
    await expect(endSession(app)).toBeAccepted()
  })

  test('C1.0.1 the application finds what it needs to check a password', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app, { passwordHash: 'hash of mia' })

    await expect(app.query(credentials)).toBeAccepted()
    expect(await app.query(credentials)).toEqual([
      { user_id: await db.value('select id from auth.users'), password_hash: 'hash of mia' },
    ])
  })

  test('C1.0.1 the application opens a session, which then gives an identity', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app)
    const user = await db.value<string>('select id from auth.users')

    await expect(startSession(app, user, 'a token')).toBeAccepted()
    expect(await beginWithToken(app, 'a token')).toBe(user)
    expect(await app.value('select auth.current_user_id()')).toBe(user)
  })

  test('C1.0.1 the application ends a session once, which then gives no identity', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app)
    await startSession(app, await db.value('select id from auth.users'))

    await expect(endSession(app)).toBeAccepted()
    expect(await endSession(app)).toBe(false)
    expect(await beginWithToken(app)).toBeNull()
  })

  test('C1.0.1 a transaction that ends its own session has no identity any more', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app)
    await startSession(app, await db.value('select id from auth.users'))
    await beginWithToken(app)

    expect(await endSession(app)).toBe(true)
    expect(await app.value('select auth.current_user_id()')).toBeNull()
  })

  test('C1.0.1 the application reads the published documents', async ({ db }) => {
    const document = await publishDocument(db)
    const app = await db.as('hma_app')

    const reading = app.query('select id from reference.legal_documents')

    await expect(reading).toBeAccepted()
    expect(await reading).toEqual([{ id: document }])
  })

  test.for([
    'select id, email, registered_on, created_at, updated_at from auth.users',
    'select id, user_id, started_at, expires_at, ended_at from auth.sessions',
    'select user_id, document_id, accepted_at from auth.legal_acceptance',
  ])('C1.0.1 the application reads the user’s own rows: %s', async (reading, { db }) => {
    const app = await db.as('hma_app')
    await register(app)
    const user = await db.value<string>('select id from auth.users')
    await acceptDocument(db, user, await publishDocument(db))
    await startSession(app, user)
    await beginWithToken(app)

    await expect(app.query(reading)).toBeAccepted()
    expect(await app.query(reading)).toHaveLength(1)
  })

  test('C1.0.1 the application reads every column that the matrix gives it', async ({ db }) => {
    const app = await db.as('hma_app')
    const readings = grantsTo('hma_app', await objectsOf(db))
      .filter(({ privilege }) => privilege === 'select')
      .map(({ object, columns }) => `select ${columns?.join(', ') ?? '*'} from ${object.sql}`)

    expect(readings).toHaveLength(4)
    expect(await sqlstatesOf(app, readings)).toEqual(readings.map(() => null))
  })

  test('C1.0.1 the application records the acceptance of one document after the other', async ({ db }) => {
    const first = await publishDocument(db)
    const second = await publishDocument(db, { version: '2' })
    const app = await db.as('hma_app')
    await register(app)
    const user = await db.value<string>('select id from auth.users')
    await startSession(app, user)
    await beginWithToken(app)

    await expect(acceptDocument(app, user, first)).toBeAccepted()
    await expect(acceptDocument(app, user, second)).toBeAccepted()
    await app.query('commit')
    const accepted = 'select user_id, document_id from auth.legal_acceptance order by document_id'
    expect(await db.query(accepted)).toEqual(
      [first, second].sort().map((document) => ({ user_id: user, document_id: document })),
    )
  })

  test.for([
    [`update auth.users set email = 'new@example.org'`, 'email', 'new@example.org'],
    [`update auth.users set password_hash = 'new'`, 'password_hash', 'new'],
  ] as const)(
    'C1.0.1 the application changes what a user may change: %s',
    async ([change, column, value], { db }) => {
      const app = await db.as('hma_app')
      await register(app)
      await startSession(app, await db.value('select id from auth.users'))
      await beginWithToken(app)

      await expect(app.query(change)).toBeAccepted()
      await app.query('commit')
      expect(await db.query(`select ${column} as value from auth.users`)).toEqual([{ value }])
    },
  )

  test('C1.0.1 the application deletes the account of a user', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app)
    await startSession(app, await db.value('select id from auth.users'))
    await beginWithToken(app)

    await expect(app.query('delete from auth.users')).toBeAccepted()
    await app.query('commit')
    expect([await db.count('auth.users'), await db.count('auth.sessions')]).toEqual([0, 0])
  })
})
