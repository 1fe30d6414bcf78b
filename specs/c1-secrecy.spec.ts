import { describe, expect, test } from '../harness/index.ts'
import { durationsOf } from './vocabulary/durations.ts'
import { parametersOfOutsiders } from './vocabulary/outsiders.ts'
import {
  attemptsIn,
  BAD_DATES,
  errorText,
  logAllStatements,
  logUpToNow,
  moveThisMonth,
  register,
  registerAndDisconnect,
  registerBorn,
  registerEach,
  serverAnswer,
  textsAround,
  UNDERAGE,
} from './vocabulary/registration.ts'
import { insertUser } from './vocabulary/users.ts'

describe('C1.0 Traces of a rejected registration', () => {
  test.for([
    ['2013-02-11', {}],
    ['2013-02-12', { email: 'not an address' }],
    ['2013-02-13', { passwordHash: null }],
    ['2013-02-14', { email: null, passwordHash: '' }],
    ['2013-02-15', { email: `x'; -- \\ "`, request: '%s' }],
    ['2013-02-16', { email: 'a'.repeat(100_000) }],
  ] as const)(
    'C1.0.6 neither client nor log shows the birth date %s of %o',
    async ([born, attempt], { db, serverLog }) => {
      const app = await db.as('hma_app')

      const error = await errorText(registerBorn(app, born, attempt))

      expect(error).toMatch(/^"users_\w+"$/)
      expect(await logUpToNow(db, serverLog)).not.toContain(born)
    },
  )

  test.for(BAD_DATES)(
    'C1.0.6 neither client nor log shows the birth date %j',
    async (born, { db, serverLog }) => {
      const app = await db.as('hma_app')

      const error = await errorText(registerBorn(app, born))

      expect(error).toBe('"users_have_a_birth_date"')
      expect(await logUpToNow(db, serverLog)).not.toContain(born || '""')
    },
  )

  test('C1.0.6 neither client nor log shows a birth date among other characters', async ({
    db,
    serverLog,
  }) => {
    const app = await db.as('hma_app')

    const answers = errorText(registerEach(app, textsAround('2013-02-21')))

    expect(await answers).toMatch(/^\["users_\w+"(,"users_\w+")+\]$/)
    expect(await logUpToNow(db, serverLog)).not.toContain('2013-02-21')
  })

  test('C1.0.6 the log shows no birth date that the application itself makes no date of', async ({
    db,
    serverLog,
  }) => {
    const app = await db.as('hma_app')

    await errorText(app.query(`select auth.register('mia@example.org', 'x', null), 1 / 0 as "2013-02-22"`))

    const log = await logUpToNow(db, serverLog)
    expect(log).toContain('division by zero')
    expect(log).not.toContain('2013-02-22')
  })

  test('C1.0.6 a parameter of a function for outsiders has no type whose errors show the value', async ({
    db,
  }) => {
    expect(await parametersOfOutsiders(db)).toEqual(['bytea', 'text'])
  })

  test('C1.0.6 a birth date in the text of the statement is not logged either', async ({ db, serverLog }) => {
    const app = await db.as('hma_app')

    const error = await errorText(register(app, { born: `date '2013-02-17'` }))

    expect(error).toBe('"users_are_adults"')
    expect(await logUpToNow(db, serverLog)).not.toContain('2013-02-17')
  })

  test('C1.0.6 nor does it show the row of an update that a rule refused', async ({ db, serverLog }) => {
    await insertUser(db, { birthDate: `'1987-02-23'` })
    const app = await db.as('hma_app')

    await errorText(app.query(`update auth.users set email = 'nowhere', password_hash = 'hush 1987-02-23'`))

    const log = await logUpToNow(db, serverLog)
    expect(log).toContain('users_have_an_email')
    expect(log).not.toMatch(/hush|1987-02-23/)
  })

  test('C1.0.6 no message of a lower level shows it, to the client or to a server that logs all of them', async ({
    db,
    serverLog,
  }) => {
    await db.query(`alter role hma_app in database ${db.name} set log_min_messages = 'debug1'`)
    const app = await db.as('hma_app')

    await errorText(registerBorn(app, '2013-02-24'))

    expect(await logUpToNow(db, serverLog)).not.toContain('2013-02-24')
  })

  test('C1.0.6 a server that logs every statement logs no birth date', async ({ db, serverLog }) => {
    await logAllStatements(db)
    const app = await db.as('hma_app')

    await errorText(registerBorn(app, '2013-02-18'))

    const log = await logUpToNow(db, serverLog)
    expect(log).toContain('select auth.register($1, $2, $3, $4)')
    expect(log).not.toContain('2013-02-18')
  })

  test('C1.0.6 an error during registration shows no birth date', async ({ db, serverLog }) => {
    await moveThisMonth(db)
    const app = await db.as('hma_app')

    const error = await errorText(registerBorn(app, '2013-02-20'))

    expect(error).toContain('23514')
    expect(error).not.toContain('2013-02-20')
    expect(await logUpToNow(db, serverLog)).not.toContain('2013-02-20')
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

  test('C1.0.8 an underage attempt gets the same answer for a taken and a free address', async ({ db }) => {
    await insertUser(db, { email: 'mia@example.org' })
    const app = await db.as('hma_app')

    expect(await register(app, { email: 'mia@example.org', born: UNDERAGE })).toBe('users_are_adults')
    expect(await register(app, { email: 'new@example.org', born: UNDERAGE })).toBe('users_are_adults')
  })

  test('C1.0.8 a repeated registration does not change the account and leaves a record', async ({ db }) => {
    const app = await db.as('hma_app')
    await register(app, { passwordHash: 'of the owner' })

    expect(await register(app, { passwordHash: 'of somebody else' })).toBe('accepted')
    expect(await db.query('select password_hash from auth.users')).toEqual([
      { password_hash: 'of the owner' },
    ])
    expect(await attemptsIn(db)).toMatchObject([
      { action: 'registration_repeated', details: { rule: 'users_own_their_email' } },
    ])
  })

  test('C1.0.8 a taken address takes no longer than a free one, but for fifty milliseconds', async ({
    db,
  }) => {
    const app = await db.as('hma_app')
    await register(app, { email: 'mia@example.org' })

    const { taken, free } = await durationsOf(app, 11, 'mia@example.org')

    expect(Math.abs(taken - free)).toBeLessThan(50)
  })

  test('C1.0.8 two simultaneous registrations of one address get the same answer', async ({ db }) => {
    const [one, other] = [await db.as('hma_app'), await db.as('hma_app')]

    const answers = Promise.all([register(one), register(other)])

    await expect(answers).toBeAccepted()
    expect(await answers).toEqual(['accepted', 'accepted'])
    expect(await db.count('auth.users')).toBe(1)
  })
})

describe.each(['default', 'rls'])('C1.0 Registration with template %s', (template) => {
  test.override('template', template)

  test.for([
    { passwordHash: '' },
    { passwordHash: null },
    { passwordHash: 'y'.repeat(1001) },
    { born: UNDERAGE },
    { born: `today - interval '131 years'` },
    { born: 'null' },
    { request: null },
    { request: 'r'.repeat(200) },
  ])('C1.0.8 so it is for an attempt with %o', async (attempt, { db }) => {
    await insertUser(db, { email: 'mia@example.org' })

    const free = await serverAnswer(db, { email: 'new@example.org', ...attempt })
    const taken = await serverAnswer(db, { email: 'mia@example.org', ...attempt })

    expect(taken).toEqual(free)
  })

  test('C1.0.8 everything the server sends is the same for a taken and a free address', async ({ db }) => {
    await insertUser(db, { email: 'mia@example.org' })

    const free = await serverAnswer(db, { email: 'new@example.org' })
    const taken = serverAnswer(db, { email: 'MIA@example.org' })

    await expect(taken).toBeAccepted()
    expect(await taken).toEqual(free)
    expect(await db.count('auth.users')).toBe(2)
  })
})

describe('C1.0 Registration under row security', () => {
  test.override('template', 'rls')

  test('C1.0.8 the application sees as many users after either answer', async ({ db }) => {
    await insertUser(db, { email: 'mia@example.org' })
    const app = await db.as('hma_app')

    await register(app, { email: 'MIA@example.org' })
    expect(await app.count('auth.users')).toBe(0)
    await register(app, { email: 'new@example.org' })
    expect(await app.count('auth.users')).toBe(0)
  })
})
