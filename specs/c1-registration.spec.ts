import { describe, expect, test } from '../harness/index.ts'
import {
  attemptsIn,
  BAD_DATES,
  birthsBetween,
  dropThisMonth,
  moveThisMonth,
  REJECTED,
  register,
  registerBorn,
  registerEach,
  UNDERAGE,
} from './vocabulary/registration.ts'
import { insertUser } from './vocabulary/users.ts'

/** Rule, first, last and step of birth dates, each of which breaks the rule. */
const REJECTED_BIRTHS = [
  ['of a minor', 'users_are_adults', UNDERAGE, 'today', '30 days'],
  ['to come', 'users_are_adults', 'today + 1', `date '9999-12-31'`, '20 years'],
  [
    'of long ago',
    'users_are_of_an_age',
    `date '0001-01-01'`,
    `(today - interval '130 years')::date`,
    '8 years',
  ],
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

  test('C1.0.4 an underage registration with a long request id is audited with the beginning of it', async ({
    db,
  }) => {
    const app = await db.as('hma_app')

    const answer = register(app, { born: UNDERAGE, request: 'r'.repeat(1000) })

    await expect(answer).toBeAccepted()
    expect(await answer).toBe('users_are_adults')
    expect(await attemptsIn(db)).toMatchObject([{ request_id: 'r'.repeat(100) }])
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

  test.for(REJECTED_BIRTHS)(
    'C1.0.4 each birth date %s is a rejection by its rule, and audited',
    async ([, rule, first, last, step], { db }) => {
      const births = await birthsBetween(db, first, last, step)
      const app = await db.as('hma_app')

      const answers = registerEach(app, births)

      expect(births.length).toBeGreaterThan(200)
      await expect(answers).resolves.toEqual(births.map(() => rule))
      expect((await attemptsIn(db)).map(({ details }) => details.rule)).toEqual(births.map(() => rule))
      expect(await db.count('auth.users')).toBe(0)
    },
  )

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
})
