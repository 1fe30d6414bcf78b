import { describe, expect, test } from '../harness/index.ts'
import { migrate } from './vocabulary/migrations.ts'
import {
  attemptsIn,
  BAD_DATES,
  hashesIn,
  kindsOfRecords,
  REJECTED,
  register,
  registerAndDisconnect,
  registerBorn,
  UNDERAGE,
} from './vocabulary/registration.ts'
import { beginWithToken, hashOf, startSession } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const MINOR = { email: 'mia@example.org', passwordHash: 'scrypt-sesame', born: `date '2013-02-19'` }

describe('C1.0 The record of a rejected registration', () => {
  test('C1.0.5 the record holds rule, request and a keyed hash, and nothing else', async ({ db }) => {
    await register(await db.as('hma_app'), { ...MINOR, request: 'request 7' })

    expect(
      await db.query(
        `select action, entity, entity_id, actor_id, actor_role, request_id, details from audit.audit_log where entity = 'auth.register'`,
      ),
    ).toEqual([
      {
        action: 'registration_rejected',
        entity: 'auth.register',
        entity_id: null,
        actor_id: null,
        actor_role: 'hma_app',
        request_id: 'request 7',
        details: { rule: 'users_are_adults', attempt: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ])
  })

  test('C1.0.5 the record of no other rejection holds more, nor does that of a repetition', async ({
    db,
  }) => {
    const app = await db.as('hma_app')
    await register(app)
    for (const [, attempt] of REJECTED) await register(app, attempt)
    for (const born of BAD_DATES) await registerBorn(app, born)
    await register(app)

    const kinds = await kindsOfRecords(db)

    const kind = { entity: 'auth.register', names: null, keys: 'attempt rule' }
    expect(kinds).toEqual([
      { action: 'registration_rejected', ...kind, count: REJECTED.length + BAD_DATES.length },
      { action: 'registration_repeated', ...kind, count: 1 },
    ])
  })

  test('C1.0.5 no e-mail address, birth date or password is in the record', async ({ db }) => {
    await register(await db.as('hma_app'), MINOR)

    const record = await db.value<string>(`select string_agg(l::text, ' ') from audit.audit_log l`)

    expect(record).toContain('users_are_adults')
    expect(record).not.toMatch(/mia|example|2013|02-19|scrypt|sesame/i)
  })

  test('C1.0.5 the row that was rejected never reached its table', async ({ db }) => {
    await register(await db.as('hma_app'), MINOR)

    expect(await db.value<number>(`select pg_relation_size('auth.users')::int`)).toBe(0)
  })

  test('C1.0.5 attempts with the same address have the same hash, others do not', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app, { ...MINOR, email: 'mia@example.org' })
    await register(app, { ...MINOR, email: 'MIA@Example.org' })
    await register(app, { ...MINOR, email: 'mio@example.org' })

    const [first, second, third] = await hashesIn(db)

    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  test('C1.0.5 an address can be found with the key, and not without it', async ({ db }) => {
    await register(await db.as('hma_app'), MINOR)

    expect(await hashesIn(db)).toEqual([await db.value(`select auth.keyed_hash('mia@example.org')`)])
    expect(await hashesIn(db)).not.toEqual([hashOf('mia@example.org').toString('hex')])
  })

  test('C1.0.5 the same address has another hash under another key', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app, MINOR)
    await db.query(`update ops.secret set value = sha256('another') where name = 'attempts'`)
    await register(app, MINOR)

    const hashes = (await attemptsIn(db)).map(({ details }) => details.attempt)

    expect(new Set(hashes).size).toBe(2)
  })

  test('C1.0.5 each database has a key of its own', async ({ project, emptyDb }) => {
    await migrate(project, emptyDb, 'apply')
    const before = await emptyDb.value(`select auth.keyed_hash('mia@example.org')`)
    await migrate(project, emptyDb, 'down', '--to', '0006_people')
    await migrate(project, emptyDb, 'apply')

    const after = await emptyDb.value(`select auth.keyed_hash('mia@example.org')`)

    expect(after).not.toBe(before)
  })

  test.for([
    [null, null],
    ['', null],
    ['r'.repeat(101), 'r'.repeat(100)],
  ] as const)('C1.0.5 the request %j is recorded as %j', async ([request, recorded], { db }) => {
    await expect(register(await db.as('hma_app'), { ...MINOR, request })).toBeAccepted()

    expect(await attemptsIn(db)).toMatchObject([{ request_id: recorded }])
  })

  test('C1.0.5 an attempt is not recorded for the user who is signed in', async ({ db }) => {
    const app = await db.as('hma_app')
    await startSession(app, await insertUser(db, { email: 'ada@example.org' }))
    await beginWithToken(app)
    await app.query(`update auth.users set password_hash = 'changed'`)
    await expect(register(app, MINOR)).toBeAccepted()
    await app.query('commit')

    expect(
      await db.query(`select actor_id from audit.audit_log where action = 'registration_rejected'`),
    ).toEqual([{ actor_id: null }])
  })

  test('C1.0.7 the record stays when the caller disconnects before it reads the answer', async ({ db }) => {
    await registerAndDisconnect(db, { request: 'request 8' })

    expect(await attemptsIn(db)).toMatchObject([{ action: 'registration_rejected', request_id: 'request 8' }])
  })

  test('C1.0.7 the record stays when the caller commits and disconnects', async ({ db }) => {
    const app = await db.as('hma_app')
    await app.query('begin')
    await register(app, { born: UNDERAGE })
    await app.query('commit')
    await app.close()

    expect(await attemptsIn(db)).toHaveLength(1)
  })

  test('C1.0.7 the limit: a caller that rolls back its own transaction removes the record', async ({
    db,
  }) => {
    const app = await db.as('hma_app')
    await app.query('begin')
    const answer = await register(app, { born: UNDERAGE })
    await app.query('rollback')

    expect(answer).toBe('users_are_adults')
    expect(await attemptsIn(db)).toEqual([])
  })
})
