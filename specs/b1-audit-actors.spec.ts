import { describe, expect, openBoundedClient, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { recordsAddedBy } from './vocabulary/audit-log.ts'
import { publishDocument } from './vocabulary/documents.ts'
import { beginWithToken, runWithToken } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const OTHER_ID = '00000000-0000-4000-8000-000000000001'
const IDENTITY = `${'ab'.repeat(32)}_${OTHER_ID.replaceAll('-', '')}`

/** Ways to write the setting that holds the identity. */
const PROTECTED = [
  `set backtrace_functions = '${IDENTITY}'`,
  `set local backtrace_functions = '${IDENTITY}'`,
  'set backtrace_functions to default',
  'reset backtrace_functions',
  `select set_config('backtrace_functions', '${IDENTITY}', true)`,
  `update pg_settings set setting = '${IDENTITY}' where name = 'backtrace_functions'`,
  `alter role current_user set backtrace_functions = '${IDENTITY}'`,
]

describe('B1.3 Actor of an audit record', () => {
  test('B1.3.2 a change in a session names its user, the login and the request', async ({ db }) => {
    const { user, token } = await createAccount(db)

    const records = await recordsAddedBy(db, () =>
      runWithToken(db, token, `update auth.users set email = 'grace@example.org'`),
    )

    expect(records).toMatchObject([
      { action: 'update', actor_id: user, actor_role: 'hma_app', request_id: 'request 7' },
    ])
  })

  test('B1.3.2 a change without a session names only the login', async ({ db }) => {
    await insertUser(db)
    const app = await db.as('hma_app')

    const records = await recordsAddedBy(db, () => app.query(`update auth.users set password_hash = 'y'`))

    expect(records).toMatchObject([{ actor_id: null, actor_role: 'hma_app', request_id: null }])
  })

  test('B1.3.2 a login is named by its own name after SET ROLE', async ({ db }) => {
    await insertUser(db)
    const migrator = await db.as('hma_migrator')

    const records = await recordsAddedBy(db, () =>
      migrator.query('set role hma_owner; delete from auth.users'),
    )

    expect(records).toMatchObject([{ action: 'delete', actor_id: null, actor_role: 'hma_migrator' }])
  })

  test.for([
    ['a function', (token: string) => `select auth.end_session(sha256('${token}'))`],
    ['a statement', () => 'update auth.sessions set ended_at = clock_timestamp()'],
  ] as const)('B1.3.2 a user who ends the own session by %s is the actor', async ([, end], { db }) => {
    const { user, token } = await createAccount(db)

    const records = recordsAddedBy(db, () => runWithToken(db, token, end(token)))

    await expect(records).toBeAccepted()
    expect(await records).toMatchObject([{ action: 'update', entity: 'auth.sessions', actor_id: user }])
  })

  test('B1.3.2 a user who deletes the own account is the actor of each record of it', async ({ db }) => {
    const { user, token } = await createAccount(db)

    const records = recordsAddedBy(db, () => runWithToken(db, token, 'delete from auth.users'))

    await expect(records).toBeAccepted()
    expect((await records).map(({ actor_id }) => actor_id)).toEqual([user, user, user])
  })

  test.for([
    [
      'an insert of a user',
      `insert into auth.users (email, password_hash, date_of_birth) values ('eve@example.org', 'x', '1990-01-01')`,
    ],
    [
      'an insert of a session',
      `insert into auth.sessions (user_id, token_hash, expires_at)
       select id, sha256('another'), now() + interval '1 hour' from auth.users`,
    ],
    [
      'an insert of an acceptance',
      `insert into auth.legal_acceptance (user_id, document_id)
       select u.id, d.id from auth.users u, reference.legal_documents d where d.version = '2'`,
    ],
    ['a delete of a session', 'delete from auth.sessions'],
    ['a delete of an acceptance', 'delete from auth.legal_acceptance'],
    ['a truncate of each table', 'truncate auth.users cascade'],
  ] as const)('B1.3.2 in a session %s names its user', async ([, change], { db }) => {
    const { user, token } = await createAccount(db)
    await publishDocument(db, { version: '2' })
    await beginWithToken(db, token)

    const records = await recordsAddedBy(db, `${change}; commit`)

    expect(records).not.toEqual([])
    expect(records.map(({ actor_id }) => actor_id)).toEqual(records.map(() => user))
  })

  test('B1.3.2 of two users on one connection, each is the actor of the own change', async ({ db }) => {
    const [ada, grace] = [await createAccount(db), await createAccount(db, 'grace@example.org')]
    const app = await db.as('hma_app')
    const transactions = [ada, grace].map(
      ({ token, user }) => `begin; select auth.identify(sha256('${token}'));
        update auth.users set password_hash = 'y' where id = '${user}'; commit`,
    )

    const records = await recordsAddedBy(db, () => app.query(transactions.join(';')))

    expect(records.map(({ actor_id }) => actor_id)).toEqual([ada.user, grace.user])
  })

  test('B1.3.2 an ended session gives no actor', async ({ db }) => {
    const { token } = await createAccount(db)
    await db.query('update auth.sessions set ended_at = clock_timestamp()')

    const records = await recordsAddedBy(db, () =>
      runWithToken(db, token, `update auth.users set password_hash = 'y'`),
    )

    expect(records).toMatchObject([{ actor_id: null }])
  })

  test.for(PROTECTED)('B1.3.2 the application cannot change who acts: %s', async (change, { db }) => {
    const { token } = await createAccount(db)
    const app = await db.as('hma_app')
    await beginWithToken(app, token)

    await expect(app.query(change)).toBeDenied()
  })

  test('B1.3.2 the application cannot log in with an identity', async ({ db }) => {
    const url = Object.assign(new URL(db.url), { username: 'hma_app', password: db.passwords.hma_app ?? '' })
    url.searchParams.set('options', '-c backtrace_functions=x')
    const attempt = openBoundedClient({ connectionString: url.href })

    await expect(attempt).toBeDenied()
  })

  test.for([
    ['another user', `sha256('token of grace@example.org')`],
    ['nobody', 'null'],
    ['a token that does not exist', `sha256('no token')`],
  ] as const)(
    'B1.3.2 a statement cannot act as one user and be recorded for %s',
    async ([, other], { db }) => {
      const { token } = await createAccount(db)
      await createAccount(db, 'grace@example.org')
      const switched = `auth.identify(${other}) is null`

      const update = runWithToken(
        db,
        token,
        `update auth.users set password_hash = 'y' where email like 'ada%' returning ${switched}`,
      )

      await expect(update).toBreakRule('transactions_have_one_user')
      expect(await db.column('select distinct password_hash from auth.users')).toEqual(['x'])
    },
  )

  test('B1.3.2 a user who is identified in the middle of a statement is its actor', async ({ db }) => {
    const { user, token } = await createAccount(db)
    const app = await db.as('hma_app')
    const identify = `select auth.identify(sha256('${token}')) as who offset 0`

    const records = await recordsAddedBy(db, () =>
      app.query(`update auth.users set password_hash = 'y' from (${identify}) s where id = s.who`),
    )

    expect(records).toMatchObject([{ action: 'update', actor_id: user }])
  })

  test('B1.3.2 a user whose statement ended the session in passing is the actor', async ({ db }) => {
    const { user, token } = await createAccount(db)

    const records = await recordsAddedBy(db, () =>
      runWithToken(
        db,
        token,
        `with ended as (update auth.sessions set ended_at = clock_timestamp() returning user_id)
         update auth.users u set password_hash = 'y' from ended e where u.id = e.user_id`,
      ),
    )

    expect(records.map(({ actor_id }) => actor_id)).toEqual([user, user])
  })

  test('B1.3.2 a list of functions to trace, as a developer of Postgres sets it, names no actor', async ({
    db,
  }) => {
    const developer = await db.connect()
    await developer.query(`set backtrace_functions = '${'heap_insert, '.repeat(7)}heap_inserts'`)

    const records = await recordsAddedBy(db, () => insertUser(developer))

    expect(records).toMatchObject([{ action: 'insert', actor_id: null }])
  })

  test.for([
    ['write a record', `select audit.write('insert', 'auth.users')`],
    ['write a record of an attempt', `select audit.write('registration_rejected', 'auth.register')`],
    ['append a record', `select audit.append('insert', 'auth.users', null, '${OTHER_ID}', '{}')`],
    [
      'insert a record',
      `insert into audit.audit_log (action, entity, row_hash) values ('insert', 'x', sha256(''))`,
    ],
    ['put a table of its own under audit', 'create temp table mine (id uuid); select audit.watch($$mine$$)'],
  ] as const)('B1.3.2 the application cannot %s', async ([, statements], { db }) => {
    const app = await db.as('hma_app')

    await expect(app.query(statements)).toBeDenied()
  })
})
