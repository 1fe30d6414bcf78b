import { describe, expect, test } from '../harness/index.ts'
import { migrate } from './vocabulary/migrations.ts'
import {
  attemptsIn,
  BAD_DATES,
  dropThisMonth,
  hashesIn,
  kindsOfRecords,
  moveThisMonth,
  register,
  registerBorn,
  UNDERAGE,
} from './vocabulary/registration.ts'
import { beginWithToken, hashOf, startSession } from './vocabulary/sessions.ts'
import { insertUser } from './vocabulary/users.ts'

const MINOR = { email: 'mia@example.org', passwordHash: 'scrypt-sesame', born: `date '2013-02-19'` }

/** Rules other than that of the age, with an attempt that breaks them. */
const REJECTED = [
  ['users_have_an_email', { email: 'mia' }],
  ['emails_have_one_spelling', { email: 'm\u0131a@example.org' }],
  ['users_have_a_password', { passwordHash: '' }],
  ['users_are_of_an_age', { born: `date '1850-01-01'` }],
  ['users_are_complete', { email: null }],
  ['users_are_complete', { passwordHash: null }],
  ['users_are_complete', { born: 'null' }],
] as const

describe.each(['default', 'rls'])('C1.0 Registration on a database of the kind %s', (template) => {
  test.override('template', template)

  test('C1.0.4 an underage registration is rejected and audited', async ({ db }) => {
    const app = await db.as('hma_app')

    const answer = register(app, { born: UNDERAGE, request: 'request 7' })

    await expect(answer).toBeAccepted()
    expect(await answer).toBe('users_are_adults')
    expect(await db.count('auth.users')).toBe(0)
    expect(await attemptsIn(db)).toMatchObject([
      { action: 'registration_rejected', request_id: 'request 7', details: { rule: 'users_are_adults' } },
    ])
  })

  test('C1.0.4 a registration on the 18th birthday is accepted, and is no rejection', async ({ db }) => {
    const app = await db.as('hma_app')

    expect(await register(app, { born: `today - interval '18 years'` })).toBe('accepted')
    expect(await db.count('auth.users')).toBe(1)
    expect(await attemptsIn(db)).toEqual([])
  })
})

describe('C1.0 Registration', () => {
  test.for(['Pacific/Kiritimati', 'Etc/GMT+12'])(
    'C1.0.4 an application in time zone %s rejects on the same day',
    async (timeZone, { db }) => {
      const app = await db.as('hma_app', { timeZone })

      expect(await register(app, { born: UNDERAGE })).toBe('users_are_adults')
      expect(await register(app, { born: `today - interval '18 years'` })).toBe('accepted')
    },
  )

  test.for(REJECTED)(
    'C1.0.4 an attempt that breaks %s is answered and audited: %o',
    async ([rule, attempt], { db }) => {
      const app = await db.as('hma_app')

      const answer = register(app, attempt)

      await expect(answer).toBeAccepted()
      expect(await answer).toBe(rule)
      expect(await attemptsIn(db)).toMatchObject([{ action: 'registration_rejected', details: { rule } }])
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test.for(BAD_DATES)('C1.0.4 the birth date %j is a rejection, and audited', async (born, { db }) => {
    const app = await db.as('hma_app')

    const answer = registerBorn(app, born)

    await expect(answer).toBeAccepted()
    expect(await answer).toBe('users_have_a_birth_date')
    expect(await attemptsIn(db)).toMatchObject([
      { action: 'registration_rejected', details: { rule: 'users_have_a_birth_date' } },
    ])
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for(['German', 'SQL, DMY', 'Postgres, MDY'])(
    'C1.0.4 the date style %s of the application does not change what a birth date is',
    async (style, { db }) => {
      const app = await db.as('hma_app')
      await app.query(`set datestyle = '${style}'`)

      expect(await registerBorn(app, '01/02/1990')).toBe('users_have_a_birth_date')
      expect(await registerBorn(app, '1990-02-01')).toBe('accepted')
      expect(await db.value('select date_of_birth from auth.users')).toBe('1990-02-01')
    },
  )

  test('C1.0.4 each of many rejections on one connection is recorded', async ({ db }) => {
    const app = await db.as('hma_app')

    await app.query(
      `select auth.register('mia' || n || '@example.org', 'x', '2020-01-01') from generate_series(1, 100) n`,
    )
    await register(app, { born: UNDERAGE })

    expect(await attemptsIn(db)).toHaveLength(101)
  })

  test('C1.0.4 the application cannot insert a user directly', async ({ db }) => {
    const app = await db.as('hma_app')

    await expect(insertUser(app)).toBeDenied()
  })

  test.for([UNDERAGE, `today - interval '30 years'`])(
    'C1.0.4 without the partition of its month an attempt with birth date %s gets an error',
    async (born, { db }) => {
      await dropThisMonth(db)
      const app = await db.as('hma_app')

      await expect(register(app, { born })).toBreakRule('audit_months_are_prepared')
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test.for([UNDERAGE, `today - interval '30 years'`])(
    'C1.0.4 a check of another table is an error, not an answer, for birth date %s',
    async (born, { db }) => {
      await moveThisMonth(db)
      const app = await db.as('hma_app')

      await expect(register(app, { born })).toFailWith('23514')
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test('C1.0.4 a check without a name is an error, not an answer', async ({ db }) => {
    await db.query(`
      create function auth.object() returns trigger language plpgsql as $$ begin raise check_violation; end $$;
      create trigger somebody_objects before insert on auth.users for each row execute function auth.object()`)
    const app = await db.as('hma_app')

    await expect(register(app)).toFailWith('23514')
    expect(await attemptsIn(db)).toEqual([])
  })

  test('C1.0.4 a broken rule of the audit log is an error, not an answer', async ({ db }) => {
    await db.query(`set event_triggers = off; alter table audit.audit_log
      add constraint nobody_is_inserted check (action <> 'insert') not valid`)
    const app = await db.as('hma_app')

    await expect(register(app)).toBreakRule('nobody_is_inserted')
    expect(await db.count('auth.users')).toBe(0)
  })

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
    await register(app, MINOR)
    await app.query('commit')

    expect(
      await db.query(`select actor_id from audit.audit_log where action = 'registration_rejected'`),
    ).toEqual([{ actor_id: null }])
  })
})
