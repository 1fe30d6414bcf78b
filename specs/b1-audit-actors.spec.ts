import { describe, expect, test } from '../harness/index.ts'
import { createAccount } from './vocabulary/accounts.ts'
import { auditRecords, recordsAddedBy } from './vocabulary/audit-log.ts'
import { errorOf } from './vocabulary/errors.ts'
import { beginWithToken, runWithToken } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const OTHER_ID = '00000000-0000-4000-8000-000000000001'

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

  test.for([
    ['for the transaction', `set local hma.actor = '${OTHER_ID}'`],
    ['for the connection', `set hma.actor = '${OTHER_ID}'`],
    ['by function', `select set_config('hma.actor', '${OTHER_ID}', true)`],
  ] as const)('B1.3.2 an actor that was set before, %s, is overwritten', async ([, forge], { db }) => {
    const { user, token } = await createAccount(db)

    const records = recordsAddedBy(db, () =>
      runWithToken(db, token, `${forge}; update auth.users set password_hash = 'y'`),
    )

    await expect(records).toBeAccepted()
    expect(await records).toMatchObject([{ actor_id: user }])
  })

  test.for([OTHER_ID, '', 'nobody'])(
    'B1.3.2 an actor that is set by the audited statement itself is refused: "%s"',
    async (forged, { db }) => {
      const { token } = await createAccount(db)
      const before = await auditRecords(db)
      const setsActor = `set_config('hma.actor', '${forged}', true) = '${forged}'`

      const error = await errorOf(
        runWithToken(db, token, `update auth.users set password_hash = 'y' where ${setsActor}`),
      )

      expect(error).toMatchObject({ code: '23001', rule: 'actors_are_noted' })
      expect(await auditRecords(db)).toEqual(before)
      expect(await db.value('select password_hash from auth.users')).toBe('x')
    },
  )

  test('B1.3.2 the note of an actor is not valid in a later transaction', async ({ db }) => {
    const { token } = await createAccount(db)
    const app = await db.as('hma_app')
    await beginWithToken(app, token)
    await app.query(`update auth.users set password_hash = 'y'`)
    const note = await app.value<string>(`select current_setting('hma.actor')`)
    await app.query('commit')
    const setsActor = `set_config('hma.actor', '${note}', true) <> ''`

    const update = app.query(`update auth.users set password_hash = 'z' where ${setsActor}`)

    await expect(update).toBreakRule('actors_are_noted')
  })

  test('B1.3.2 the application can neither read the key of notes nor make a note', async ({ db }) => {
    const app = await db.as('hma_app')

    await expect(app.query('select value from audit.actor_key')).toBeDenied()
    await expect(app.query(`select audit.mark('a key', '${OTHER_ID}')`)).toBeDenied()
  })

  test.for([
    ['write a record', `select audit.write('insert', 'auth.users')`],
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

  test('B1.3.2 a change of the schema has no actor, whatever the setting says', async ({ db }) => {
    const migrator = await db.as('hma_migrator')

    await migrator.query(
      `set role hma_owner; set hma.actor = '${OTHER_ID}'; comment on table auth.users is 'Users.'`,
    )

    expect(
      await db.query(`select entity, actor_id from audit.audit_log where actor_role = 'hma_migrator'`),
    ).toEqual([{ entity: 'auth.users', actor_id: null }])
  })
})
