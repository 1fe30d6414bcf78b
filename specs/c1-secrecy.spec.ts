import { describe, expect, test } from '../harness/index.ts'
import { parametersOfOutsiders } from './vocabulary/outsiders.ts'
import {
  BAD_DATES,
  errorText,
  logAllStatements,
  logUpToNow,
  moveThisMonth,
  register,
  registerBorn,
  registerEach,
  textsAround,
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
    ['2999-02-25', {}],
    ['1850-02-26', {}],
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
})
