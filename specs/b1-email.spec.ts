import { describe, expect, test } from '../harness/index.ts'
import { casePairs, pairsOfTwoUsers } from './vocabulary/letters.ts'
import { insertUser } from './vocabulary/users.ts'

/** With `@example.org` the longest address. */
const LONG = 'a'.repeat(242)

describe('B1.1 E-mail addresses', () => {
  test.for([
    ['Ada@Example.org', 'ada@example.ORG'],
    ['ÉVA@example.org', 'éva@example.org'],
    ['ada@example.org', 'ada@example.org'],
    [`${LONG}@Example.org`, `${LONG.toUpperCase()}@example.org`],
  ] as const)('B1.1.6 while a user has %s, no other user can have %s', async ([taken, email], { db }) => {
    await insertUser(db, { email: taken })

    await expect(insertUser(db, { email })).toBreakRule('users_own_their_email')
    expect(await db.count('auth.users')).toBe(1)
  })

  test('B1.1.6 no letter makes an address of another user than the same letter in another case', async ({
    db,
  }) => {
    expect(await pairsOfTwoUsers(db, casePairs())).toEqual([])
  })

  test('B1.1.6 an address that differs in more than letter case is accepted', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })

    await expect(insertUser(db, { email: 'ada@example.com' })).toBeAccepted()
  })

  test('B1.1.6 a long address that differs in its last letter alone is accepted', async ({ db }) => {
    await insertUser(db, { email: `${LONG}@example.org` })

    await expect(insertUser(db, { email: `${LONG}@example.orq` })).toBeAccepted()
  })

  test('B1.1.6 an update cannot set the address of another user', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })
    await insertUser(db, { email: 'grace@example.org' })

    const update = db.query(
      `update auth.users set email = 'ADA@example.org' where email = 'grace@example.org'`,
    )

    await expect(update).toBreakRule('users_own_their_email')
  })

  test('B1.1.6 a user can change the letter case of the own address', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })

    await expect(db.query(`update auth.users set email = 'ADA@example.org'`)).toBeAccepted()
  })

  test('B1.1.6 an insert waits for an uncommitted insert of the same address', async ({ db }) => {
    const [first, second] = [await db.connect(), await db.connect()]
    await first.query('begin')
    await insertUser(first, { email: 'ada@example.org' })
    await second.query(`set lock_timeout = '50ms'`)

    await expect(insertUser(second, { email: 'ADA@example.org' })).toFailWith('55P03')
    await first.query('commit')
    await expect(insertUser(second, { email: 'ADA@example.org' })).toBreakRule('users_own_their_email')
  })

  test('B1.1.6 the address of a deleted user is free again', async ({ db }) => {
    await insertUser(db, { email: 'ada@example.org' })
    await db.query('delete from auth.users')

    await expect(insertUser(db, { email: 'ada@example.org' })).toBeAccepted()
  })

  test.for(['', 'ada', 'ada@', '@example.org', 'ada@b@c', 'ada @example.org', 'ada@example.org\n'])(
    'B1.1.6 %j is rejected as an e-mail address',
    async (email, { db }) => {
      await expect(insertUser(db, { email })).toBreakRule('users_have_an_email')
    },
  )

  test.for([
    ['the Kelvin sign', '\u212Aim@example.org'],
    ['a dotted capital I', '\u0130ris@example.org'],
    ['letters in full width', 'ad\uFF41@example.org'],
    ['the sigma that ends a word', 'νικο\u03C2@example.org'],
    ['an i without its dot', 'k\u0131m@example.org'],
    ['a sign that is not assigned', 'kim\u0378@example.org'],
    ['a letter with its accent apart', 'e\u0301va@example.org'],
  ] as const)('B1.1.6 an address with %s is not in its one spelling', async ([, email], { db }) => {
    await expect(insertUser(db, { email })).toBreakRule('emails_have_one_spelling')
  })

  test.for(['\u212Aim@example.org', 'k\u0130m@example.org'])(
    'B1.1.6 nobody is found under %j, whose sign folds into a letter',
    async (email, { db }) => {
      await insertUser(db, { email: 'kim@example.org' })
      const app = await db.as('hma_app')

      expect(await app.query('select * from auth.find_credentials($1)', [email])).toEqual([])
    },
  )

  test('B1.1.6 an address has at most 254 characters', async ({ db }) => {
    const longest = `${'a'.repeat(242)}@example.org`

    await expect(insertUser(db, { email: longest })).toBeAccepted()
    await expect(insertUser(db, { email: `a${longest}` })).toBreakRule('users_have_an_email')
  })
})
