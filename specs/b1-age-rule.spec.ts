import { describe, expect, test } from '../harness/index.ts'
import { migratorWithRole } from './vocabulary/logins.ts'
import { SESSION_DEPENDENCE, sessionDependence } from './vocabulary/session-dependence.ts'
import {
  birthsWithAnotherBoundary,
  CHANGES_OF_BIRTH,
  columnsOfRule,
  insertUser,
  insertUsers,
  revalidateConstraint,
} from './vocabulary/users.ts'

const FIRST_AND_LAST_ZONE = ['Etc/GMT+12', 'Pacific/Kiritimati']
/** A day and a half from UTC, so that the client's date is another one at every time of day. */
const OTHER_DAYS = ['BEHIND36', 'AHEAD-36']
const ZONES = [...FIRST_AND_LAST_ZONE, ...OTHER_DAYS, 'America/St_Johns', 'UTC', 'Asia/Kathmandu']

/** On this day a user born on 2002-06-15 is 18 years old. */
const REGISTERED = { registeredOn: `date '2020-06-15'` }

/** In replica mode a session skips ordinary triggers. */
const MODES = ['origin', 'replica']

describe('B1.1 Age rule', () => {
  test.for([`today - interval '17 years'`, 'today', 'today + 1', `date 'infinity'`])(
    'B1.1.1 birth date %s breaks the age rule',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBreakRule('users_are_adults')
      expect(await db.count('auth.users')).toBe(0)
    },
  )

  test('B1.1.1 an insert of several users is rejected as a whole if one is under 18', async ({ db }) => {
    const insert = insertUsers(
      db,
      `today - interval '30 years'`,
      `today - interval '17 years'`,
      `today - interval '40 years'`,
    )

    await expect(insert).toBreakRule('users_are_adults')
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for([{ birthDate: 'null' }, { registeredOn: 'null' }])(
    'B1.1.1 a missing date is rejected: %o',
    async (user, { db }) => {
      await expect(insertUser(db, user)).toFailWith('23502')
    },
  )

  test.for([
    ['in the future', `today + 1 - interval '18 years'`, 'today + 1', 'users_register_by_today'],
    ['infinity', 'today', `date 'infinity'`, 'users_are_of_an_age'],
  ] as const)(
    'B1.1.1 a registration date %s is rejected',
    async ([, birthDate, registeredOn, rule], { db }) => {
      await expect(insertUser(db, { birthDate, registeredOn })).toBreakRule(rule)
    },
  )

  test.for(['hma_owner', 'hma_auth_definer'])('B1.1.1 %s inserts no minor either', async (role, { db }) => {
    const session = await migratorWithRole(db, role)
    const insert = (born: string) =>
      session.query(`insert into auth.users (email, password_hash, date_of_birth)
        values ('ada@example.org', 'x', (now() at time zone 'utc' - interval '${born}')::date)`)

    await expect(insert('17 years')).toBreakRule('users_are_adults')
    await expect(insert('19 years')).toBeAccepted()
  })

  test('B1.1.1 the age rule depends on the two dates alone', async ({ db }) => {
    const columns = await columnsOfRule(db, 'auth.users', 'users_are_adults')

    expect(columns).toEqual(['date_of_birth', 'registered_on'])
  })

  test('B1.1.1 no rule of auth depends on who inserts, from where or with which settings', async ({ db }) => {
    expect(await sessionDependence(db, 'auth')).toEqual(SESSION_DEPENDENCE.auth)
  })

  test('B1.1.1 the age rule is validated for rows that are older than the rule', async ({ db }) => {
    const rule = `conrelid = 'auth.users'::regclass and conname = 'users_are_adults'`

    expect(await db.value(`select convalidated from pg_constraint where ${rule}`)).toBe(true)
  })

  test.for([`today - interval '18 years'`, `(today - interval '18 years')::date - 1`])(
    'B1.1.2 a user with birth date %s is accepted today',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBeAccepted()
      expect(await db.count('auth.users')).toBe(1)
    },
  )

  test('B1.1.2 a user is rejected on the day before the 18th birthday', async ({ db }) => {
    const insert = insertUser(db, { birthDate: `(today - interval '18 years')::date + 1` })

    await expect(insert).toBreakRule('users_are_adults')
  })

  test.for([
    ['2001-06-15', '2019-06-15'],
    ['2001-01-01', '2019-01-01'],
    ['2001-12-31', '2019-12-31'],
  ] as const)(
    'B1.1.2 a user born on %s is accepted on %s, and not the day before',
    async ([born, on], { db }) => {
      const birthDate = `date '${born}'`

      await expect(insertUser(db, { birthDate, registeredOn: `date '${on}' - 1` })).toBreakRule(
        'users_are_adults',
      )
      await expect(insertUser(db, { birthDate, registeredOn: `date '${on}'` })).toBeAccepted()
    },
  )

  // Four leap days lie in eighteen years, five, or three where the year 1900 is among them.
  test.for([
    [1896, 1899],
    [2000, 2003],
  ] as const)(
    'B1.1.2 each user born from %i to %i is accepted on the 18th birthday, and not the day before',
    async ([first, last], { db }) => {
      expect(await birthsWithAnotherBoundary(db, [first, last])).toEqual([])
    },
  )

  test.for([`today - interval '130 years'`, `date '-infinity'`])(
    'B1.1.2 birth date %s is rejected as too old',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBreakRule('users_are_of_an_age')
    },
  )

  test('B1.1.2 a user is accepted on the day before the 130th birthday', async ({ db }) => {
    await expect(insertUser(db, { birthDate: `(today - interval '130 years')::date + 1` })).toBeAccepted()
  })

  test.for([
    ['2008-02-29', '1 March of a common year', '2026-03-01'],
    ['2000-02-29', '1 March of a common year', '2018-03-01'],
    ['2008-02-28', '28 February of a common year', '2026-02-28'],
    ['2008-03-01', '1 March of a common year', '2026-03-01'],
    ['2006-02-28', '28 February of a leap year', '2024-02-28'],
    ['2006-03-01', '1 March of a leap year', '2024-03-01'],
    ['1910-03-01', '1 March of a leap year', '1928-03-01'],
  ] as const)(
    'B1.1.3 a user born on %s is accepted on %s (%s), and not the day before',
    async ([born, , on], { db }) => {
      const birthDate = `date '${born}'`

      await expect(insertUser(db, { birthDate, registeredOn: `date '${on}' - 1` })).toBreakRule(
        'users_are_adults',
      )
      await expect(insertUser(db, { birthDate, registeredOn: `date '${on}'` })).toBeAccepted()
    },
  )

  test.for(ZONES)('B1.1.4 the current day is the one in UTC for a client in %s', async (timeZone, { db }) => {
    const client = await db.connect({ timeZone })
    const tomorrow = { email: 'grace@example.org', birthDate: `(today - interval '18 years')::date + 1` }

    await expect(insertUser(client, { birthDate: `today - interval '18 years'` })).toBeAccepted()
    await expect(insertUser(client, tomorrow)).toBreakRule('users_are_adults')
    expect(
      await db.value(`select registered_on = (created_at at time zone 'utc')::date from auth.users`),
    ).toBe(true)
  })

  test.for(FIRST_AND_LAST_ZONE)(
    'B1.1.4 explicit dates have the same boundary for a client in %s',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })
      const registeredOn = `'2025-07-01'`

      await expect(insertUser(client, { birthDate: `'2007-07-01'`, registeredOn })).toBeAccepted()
      await expect(
        insertUser(client, { email: 'grace@example.org', birthDate: `'2007-07-02'`, registeredOn }),
      ).toBreakRule('users_are_adults')
    },
  )

  test.for(ZONES)('B1.1.4 stored users pass every rule again in %s', async (timeZone, { db }) => {
    await insertUser(db, { birthDate: `today - interval '18 years'` })
    const oldest = { email: 'old@example.org', birthDate: `'1880-01-02'`, registeredOn: `'2000-01-01'` }
    const client = await db.connect({ timeZone })

    await expect(insertUser(client, oldest)).toBeAccepted()
    await expect(revalidateConstraint(client, 'auth.users', 'users_are_adults')).toBeAccepted()
    await expect(revalidateConstraint(client, 'auth.users', 'users_are_of_an_age')).toBeAccepted()
    await expect(revalidateConstraint(client, 'auth.users', 'users_register_by_today')).toBeAccepted()
  })

  test.for([
    `date_of_birth = date '2002-06-16'`,
    `date_of_birth = current_date - interval '17 years'`,
    `date_of_birth = date '2005-01-01', registered_on = date '2026-01-01'`,
  ])('B1.1.5 an update breaks the age rule: %s', async (change, { db }) => {
    await insertUser(db, REGISTERED)

    const update = db.query(`update auth.users set ${change}`)

    await expect(update).toBreakRule('users_are_adults')
  })

  test.for(CHANGES_OF_BIRTH.flatMap(([how, change]) => MODES.map((mode) => [how, mode, change] as const)))(
    'B1.1.5 by %s, in mode %s, the latest birth date of an adult is accepted, and the day after it is not',
    async ([, mode, change], { db }) => {
      await insertUser(db, REGISTERED)
      await db.query(`set session_replication_role = ${mode}`)

      await expect(db.query(change('2002-06-16'))).toBreakRule('users_are_adults')
      await expect(db.query(change('2002-06-15'))).toBeAccepted()
      expect(await db.value('select date_of_birth from auth.users')).toBe('2002-06-15')
    },
  )

  test.for(MODES)(
    'B1.1.5 an update does not change the registration date, in mode %s',
    async (mode, { db }) => {
      await insertUser(db, REGISTERED)
      await db.query(`set session_replication_role = ${mode}`)

      await db.query(`update auth.users set registered_on = date '2026-06-15'`)

      expect(await db.value('select registered_on from auth.users')).toBe('2020-06-15')
    },
  )
})
