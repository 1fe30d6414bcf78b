import { describe, expect, test } from '../harness/index.ts'
import { insertUser } from './vocabulary/users.ts'

describe('B1.1 E-mail addresses', () => {
  test.for([
    ['Ada@Example.org', 'ada@example.ORG'],
    ['ÉVA@example.org', 'éva@example.org'],
    ['ada@example.org', 'ada@example.org'],
  ] as const)('B1.1.6 whoever has %s has %s, too', async ([taken, wanted], { db }) => {
    await insertUser(db, { email: taken })

    await expect(insertUser(db, { email: wanted })).toBreakRule('users_own_their_email')
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.6 an address that differs in more than letter case belongs to another user', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })

    await expect(insertUser(db, { email: 'ada@example.com' })).toBeAccepted()
  })

  test('B1.1.6 an e-mail address cannot be taken over by an edit', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })
    await insertUser(db, { email: 'grace@example.org' })

    const edit = db.query(`update auth.users set email = 'ADA@example.org' where email = 'grace@example.org'`)

    await expect(edit).toBreakRule('users_own_their_email')
  })

  test('B1.1.6 a user may write the own address in other letters', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })

    await expect(db.query(`update auth.users set email = 'ADA@example.org'`)).toBeAccepted()
  })

  test('B1.1.6 who asks for an address that is just being taken waits for the answer', async ({ db }) => {
    const [first, rival] = [await db.connect(), await db.connect()]
    await first.query('begin')
    await insertUser(first, { email: 'ada@example.org' })
    await rival.query(`set lock_timeout = '50ms'`)

    await expect(insertUser(rival, { email: 'ADA@example.org' })).toFailWith('55P03')
    await first.query('commit')
    await expect(insertUser(rival, { email: 'ADA@example.org' })).toBreakRule('users_own_their_email')
  })

  test('B1.1.6 an address is free again when its user is gone', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })
    await db.query('delete from auth.users')

    await expect(insertUser(db, { email: 'ada@example.org' })).toBeAccepted()
  })

  test.for(['', 'ada', 'ada@', '@example.org', 'ada@b@c', 'ada @example.org', 'ada@example.org\n'])(
    'B1.1.6 %j is no e-mail address',
    async (email, { db }) => {
      await expect(insertUser(db, { email })).toBreakRule('users_have_an_email')
    },
  )

  test('B1.1.6 an address has 254 characters at most', async ({ db }) => {
    const longest = `${'a'.repeat(242)}@example.org`

    await expect(insertUser(db, { email: longest })).toBeAccepted()
    await expect(insertUser(db, { email: `a${longest}` })).toBreakRule('users_have_an_email')
  })
})
