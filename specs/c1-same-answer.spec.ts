import { describe, expect, test } from '../harness/index.ts'
import { durationsOf } from './vocabulary/durations.ts'
import { attemptsIn, register, serverAnswer, UNDERAGE } from './vocabulary/registration.ts'
import { insertUser } from './vocabulary/users.ts'

describe('C1.0 A taken address', () => {
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
