import { describe, expect, test } from '../harness/index.ts'
import { insertUser, insertUsers, revalidateConstraint, updateBirthDate } from './vocabulary/users.ts'

const ENDS_OF_THE_DAY = ['Etc/GMT+12', 'Pacific/Kiritimati']
const ZONES = [...ENDS_OF_THE_DAY, 'America/St_Johns', 'UTC', 'Asia/Kathmandu']

describe('B1.1 Users', () => {
  test('B1.1.1 an under-18 insert breaks the age rule', async ({ db }) => {
    const attempt = insertUser(db, { birthDate: `today - interval '17 years'` })

    await expect(attempt).toBreakRule('users_are_adults')
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for(['today', 'today + 1', `date 'infinity'`])(
    'B1.1.1 a person born on %s breaks the age rule',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBreakRule('users_are_adults')
    },
  )

  test('B1.1.1 one minor among adults keeps all of them out', async ({ db }) => {
    const attempt = insertUsers(
      db,
      `today - interval '30 years'`,
      `today - interval '17 years'`,
      `today - interval '40 years'`,
    )

    await expect(attempt).toBreakRule('users_are_adults')
    expect(await db.count('auth.users')).toBe(0)
  })

  test.for([{ birthDate: 'null' }, { registeredOn: 'null' }])(
    'B1.1.1 a person without one of the two dates is refused: %o',
    async (person, { db }) => {
      await expect(insertUser(db, person)).toFailWith('23502')
    },
  )

  test('B1.1.1 nobody registers ahead of their birthday', async ({ db }) => {
    const attempt = insertUser(db, {
      birthDate: `today + 1 - interval '18 years'`,
      registeredOn: 'today + 1',
    })

    await expect(attempt).toBreakRule('users_register_by_today')
  })

  test('B1.1.1 the end of time is no day to register on', async ({ db }) => {
    const attempt = insertUser(db, { birthDate: 'today', registeredOn: `date 'infinity'` })

    await expect(attempt).toBreakRule('users_are_of_an_age')
  })

  test('B1.1.1 the age rule vouches for rows that were there before it', async ({ db }) => {
    const rule = `conrelid = 'auth.users'::regclass and conname = 'users_are_adults'`

    expect(await db.query(`select convalidated from pg_constraint where ${rule}`)).toEqual([
      { convalidated: true },
    ])
  })

  test.for([`today - interval '18 years'`, `(today - interval '18 years')::date - 1`])(
    'B1.1.2 a person born on %s is admitted today',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBeAccepted()

      expect(await db.count('auth.users')).toBe(1)
    },
  )

  test('B1.1.2 a person is rejected on the day before their 18th birthday', async ({ db }) => {
    const attempt = insertUser(db, { birthDate: `(today - interval '18 years')::date + 1` })

    await expect(attempt).toBreakRule('users_are_adults')
  })

  test.for([
    ['2001-06-15', '2019-06-15'],
    ['2001-06-15', '2019-06-16'],
    ['2001-01-01', '2019-01-01'],
    ['2001-12-31', '2019-12-31'],
  ] as const)('B1.1.2 a person born on %s is admitted on %s', async ([born, on], { db }) => {
    await expect(insertUser(db, { birthDate: `'${born}'`, registeredOn: `'${on}'` })).toBeAccepted()
  })

  test.for([
    ['2001-06-15', '2019-06-14'],
    ['2001-01-01', '2018-12-31'],
    ['2001-12-31', '2019-12-30'],
  ] as const)('B1.1.2 a person born on %s is rejected on %s', async ([born, on], { db }) => {
    await expect(insertUser(db, { birthDate: `'${born}'`, registeredOn: `'${on}'` })).toBreakRule(
      'users_are_adults',
    )
  })

  test.for([`today - interval '130 years'`, `date '-infinity'`])(
    'B1.1.2 nobody who registers was born on %s',
    async (birthDate, { db }) => {
      await expect(insertUser(db, { birthDate })).toBreakRule('users_are_of_an_age')
    },
  )

  test('B1.1.2 a person is admitted on the day before their 130th birthday', async ({ db }) => {
    await expect(insertUser(db, { birthDate: `(today - interval '130 years')::date + 1` })).toBeAccepted()
  })

  test.for([
    ['29 February', '2008-02-29', 'in a common year on 1 March', '2026-03-01'],
    ['28 February', '2008-02-28', 'in a common year on 28 February', '2026-02-28'],
    ['1 March', '2008-03-01', 'in a common year on 1 March', '2026-03-01'],
    ['28 February', '2006-02-28', 'in a leap year on 28 February', '2024-02-28'],
    ['1 March', '2006-03-01', 'in a leap year on 1 March', '2024-03-01'],
    ['29 February', '2000-02-29', 'in a common year on 1 March', '2018-03-01'],
  ] as const)('B1.1.3 born on %s (%s), admitted %s (%s)', async ([, born, , on], { db }) => {
    await expect(insertUser(db, { birthDate: `'${born}'`, registeredOn: `'${on}'` })).toBeAccepted()
  })

  test.for([
    ['29 February', '2008-02-29', 'in a common year on 28 February', '2026-02-28'],
    ['28 February', '2008-02-28', 'in a common year on 27 February', '2026-02-27'],
    ['1 March', '2008-03-01', 'in a common year on 28 February', '2026-02-28'],
    ['28 February', '2006-02-28', 'in a leap year on 27 February', '2024-02-27'],
    ['1 March', '2006-03-01', 'in a leap year on 29 February', '2024-02-29'],
    ['1 March', '1910-03-01', 'in a leap year on 29 February', '1928-02-29'],
  ] as const)('B1.1.3 born on %s (%s), rejected %s (%s)', async ([, born, , on], { db }) => {
    await expect(insertUser(db, { birthDate: `'${born}'`, registeredOn: `'${on}'` })).toBreakRule(
      'users_are_adults',
    )
  })

  test.for(ZONES)(
    'B1.1.4 a client in %s is admitted on the same day as everybody',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      await expect(insertUser(client, { birthDate: `today - interval '18 years'` })).toBeAccepted()
      expect(
        await db.value(`select registered_on = (created_at at time zone 'utc')::date from auth.users`),
      ).toBe(true)
    },
  )

  test.for(ZONES)(
    'B1.1.4 a client in %s is rejected a day early like everybody',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const attempt = insertUser(client, { birthDate: `(today - interval '18 years')::date + 1` })

      await expect(attempt).toBreakRule('users_are_adults')
    },
  )

  test.for(ENDS_OF_THE_DAY)(
    'B1.1.4 a client in %s finds stored dates a day apart',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      await expect(
        insertUser(client, { birthDate: `'2007-07-01'`, registeredOn: `'2025-07-01'` }),
      ).toBeAccepted()
      await expect(
        insertUser(client, {
          email: 'bea@example.org',
          birthDate: `'2007-07-02'`,
          registeredOn: `'2025-07-01'`,
        }),
      ).toBreakRule('users_are_adults')
    },
  )

  test.for(ZONES)(
    'B1.1.4 who was admitted is still an adult when read again in %s',
    async (timeZone, { db }) => {
      await insertUser(db, { birthDate: `today - interval '18 years'` })
      const oldest = { email: 'old@example.org', born: `'1880-01-02'`, registered: `'2000-01-01'` }
      const client = await db.connect({ timeZone })

      await expect(insertUser(client, oldest)).toBeAccepted()
      await expect(revalidateConstraint(client, 'auth.users', 'users_are_adults')).toBeAccepted()
      await expect(revalidateConstraint(client, 'auth.users', 'users_are_of_an_age')).toBeAccepted()
      await expect(revalidateConstraint(client, 'auth.users', 'users_register_by_today')).toBeAccepted()
    },
  )

  test('B1.1.5 editing a birth date later breaks the age rule', async ({ db }) => {
    const id = await insertUser(db)

    const edit = updateBirthDate(db, id, `today - interval '17 years'`)

    await expect(edit).toBreakRule('users_are_adults')
  })

  test('B1.1.5 the age rule reckons an edit from the day of registration', async ({ db }) => {
    const id = await insertUser(db, { registeredOn: `date '2020-06-15'` })

    const edit = updateBirthDate(db, id, `date '2002-06-16'`)

    await expect(edit).toBreakRule('users_are_adults')
  })

  test('B1.1.5 an edit to the youngest day that was admissible is accepted', async ({ db }) => {
    const id = await insertUser(db, { registeredOn: `date '2020-06-15'` })

    await expect(updateBirthDate(db, id, `date '2002-06-15'`)).toBeAccepted()
  })

  test('B1.1.5 the day of registration stays what it was', async ({ db }) => {
    const id = await insertUser(db, { registeredOn: `date '2020-06-15'` })

    await db.query(`update auth.users set registered_on = date '2026-06-15' where id = $1`, [id])

    expect(await db.value('select registered_on from auth.users')).toBe('2020-06-15')
  })

  test('B1.1.5 moving both dates at once breaks the age rule', async ({ db }) => {
    await insertUser(db, { registeredOn: `date '2020-06-15'` })

    const edit = db.query(
      `update auth.users set date_of_birth = date '2005-01-01', registered_on = date '2026-01-01'`,
    )

    await expect(edit).toBreakRule('users_are_adults')
  })

  test('B1.1.5 an insert that turns into an edit breaks the age rule', async ({ db }) => {
    await insertUser(db, { registeredOn: `date '2020-06-15'` })

    const edit = db.query(
      `insert into auth.users (email, password_hash, date_of_birth) values ('ada@example.org', 'x', date '2002-06-16')
       on conflict (lower(email)) do update set date_of_birth = excluded.date_of_birth`,
    )

    await expect(edit).toBreakRule('users_are_adults')
  })
})
