import { describe, expect, test } from '../harness/index.ts'
import { admit, amendBirth } from './vocabulary/people.ts'

describe('B1.1 Users', () => {
  test('B1.1.1 an under-18 insert breaks the age rule', async ({ db }) => {
    const attempt = admit(db, { born: `today - interval '17 years'` })

    await expect(attempt).toBreakRule('users_are_adults')
    expect(await db.count('auth.users')).toBe(0)
  })

  test('B1.1.2 a person is admitted on their 18th birthday', async ({ db }) => {
    const admission = admit(db, { born: `today - interval '18 years'` })

    await expect(admission).toBeAccepted()
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.2 a person is rejected on the day before their 18th birthday', async ({ db }) => {
    const attempt = admit(db, { born: `(today - interval '18 years')::date + 1` })

    await expect(attempt).toBreakRule('users_are_adults')
  })

  test('B1.1.2 a person is admitted on the day after their 18th birthday', async ({ db }) => {
    const admission = admit(db, { born: `(today - interval '18 years')::date - 1` })

    await expect(admission).toBeAccepted()
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.3 a person born on 29 February is admitted on 1 March of a common year', async ({ db }) => {
    const admission = admit(db, { born: `date '2008-02-29'`, registered: `date '2026-03-01'` })

    await expect(admission).toBeAccepted()
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.3 a person born on 29 February is rejected on 28 February of a common year', async ({ db }) => {
    const attempt = admit(db, { born: `date '2008-02-29'`, registered: `date '2026-02-28'` })

    await expect(attempt).toBreakRule('users_are_adults')
  })

  test('B1.1.3 a person born on 28 February is admitted on 28 February', async ({ db }) => {
    const admission = admit(db, { born: `date '2008-02-28'`, registered: `date '2026-02-28'` })

    await expect(admission).toBeAccepted()
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.3 a person born on 1 March is rejected on 29 February of a leap year', async ({ db }) => {
    const attempt = admit(db, { born: `date '2010-03-01'`, registered: `date '2028-02-29'` })

    await expect(attempt).toBreakRule('users_are_adults')
  })

  test.for(['Pacific/Kiritimati', 'Asia/Kolkata', 'UTC', 'America/New_York', 'Etc/GMT+12'])(
    'B1.1.4 a client in %s is admitted on the same day as everybody',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const admission = admit(client, { born: `today - interval '18 years'` })

      await expect(admission).toBeAccepted()
      expect(
        await client.value(`select registered_on = (now() at time zone 'utc')::date from auth.users`),
      ).toBe(true)
    },
  )

  test.for(['Pacific/Kiritimati', 'Asia/Kolkata', 'UTC', 'America/New_York', 'Etc/GMT+12'])(
    'B1.1.4 a client in %s is rejected a day early like everybody',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const attempt = admit(client, { born: `(today - interval '18 years')::date + 1` })

      await expect(attempt).toBreakRule('users_are_adults')
    },
  )

  test('B1.1.5 editing a birth date later breaks the age rule', async ({ db }) => {
    const id = await admit(db)

    const edit = amendBirth(db, id, `today - interval '17 years'`)

    await expect(edit).toBreakRule('users_are_adults')
  })

  test('B1.1.5 the age rule reckons an edit from the day of registration', async ({ db }) => {
    const id = await admit(db, { registered: `date '2020-06-15'` })

    const edit = amendBirth(db, id, `date '2002-06-16'`)

    await expect(edit).toBreakRule('users_are_adults')
  })

  test('B1.1.5 the day of registration stays what it was', async ({ db }) => {
    const id = await admit(db, { registered: `date '2020-06-15'` })

    await db.query(`update auth.users set registered_on = date '2026-06-15' where id = $1`, [id])

    expect(await db.value('select registered_on from auth.users')).toBe('2020-06-15')
  })

  test('B1.1.6 an e-mail address belongs to one user, whatever its letter case', async ({ db }) => {
    await admit(db, { email: 'Ada@Example.org' })

    const attempt = admit(db, { email: 'ada@example.ORG' })

    await expect(attempt).toBreakRule('users_own_their_email')
  })

  test('B1.1.6 an e-mail address cannot be taken over by an edit', async ({ db }) => {
    await admit(db, { email: 'ada@example.org' })
    await admit(db, { email: 'grace@example.org' })

    const edit = db.query(`update auth.users set email = 'ADA@example.org' where email = 'grace@example.org'`)

    await expect(edit).toBreakRule('users_own_their_email')
  })
})
