import { test as base, describe, expect } from '../harness/index.ts'
import {
  disableIndexScans,
  identityLookups,
  insertManyUsers,
  policiesThatAskPerRow,
  stepsOf,
} from './vocabulary/plans.ts'
import { identifiedApp } from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')

/** Every kind of change that the application may make, without a condition. */
const CHANGES = [
  'delete from auth.users',
  `update auth.users set password_hash = 'y'`,
  'update auth.sessions set ended_at = clock_timestamp()',
]

describe('B2.1 The cost of row security', () => {
  test.for([
    ['auth.users', 'select id from auth.users', 'users_have_an_id'],
    ['auth.sessions', 'select id from auth.sessions', 'sessions_by_user'],
    ['auth.legal_acceptance', 'select id from auth.legal_acceptance', 'documents_are_accepted_once'],
  ])('B2.1.6 own rows of %s are found by an index', async ([, text = '', index], { db }) => {
    const app = await identifiedApp(db, await insertManyUsers(db))

    const steps = await stepsOf(app, text)

    expect(steps.map((step) => step.index)).toContain(index)
    expect(steps.map((step) => step.kind)).not.toContain('Seq Scan')
  })

  test.for([
    ['auth.users', 'users_have_an_id'],
    ['auth.sessions', 'sessions_by_user'],
    ['auth.legal_acceptance', 'documents_are_accepted_once'],
  ])('B2.1.6 own rows of %s are found without a scan of the whole index', async ([table, index], { db }) => {
    const app = await identifiedApp(db, await insertManyUsers(db))

    const steps = await stepsOf(app, `select id from ${table}`)

    expect(steps.find((step) => step.index === index)?.pages).toBeLessThan(20)
  })

  test.for(['auth.users', 'auth.sessions', 'auth.legal_acceptance'])(
    'B2.1.6 the identity is one step of the plan for %s and runs once',
    async (table, { db }) => {
      const app = await identifiedApp(db, await insertManyUsers(db))

      const steps = await stepsOf(app, `select id from ${table}`)

      expect(steps.filter(({ part }) => part === 'InitPlan').map(({ loops }) => loops)).toEqual([1])
    },
  )

  test.for(['auth.users', 'auth.sessions', 'auth.legal_acceptance'])(
    'B2.1.6 reading %s looks up the identity once',
    async (table, { db }) => {
      const app = await identifiedApp(db, await insertManyUsers(db))

      const lookups = await identityLookups(app, `select id from ${table}`)

      expect(lookups).toBe(1)
    },
  )

  test.for(['auth.users', 'auth.sessions', 'auth.legal_acceptance'])(
    'B2.1.6 a sequential scan of %s looks up the identity once, too',
    async (table, { db }) => {
      const app = await identifiedApp(db, await insertManyUsers(db))
      await disableIndexScans(app)

      const lookups = await identityLookups(app, `select id from ${table}`)

      expect(lookups).toBe(1)
    },
  )

  test('B2.1.6 every policy asks for the identity in a subquery, on whatever table and command', async ({
    db,
  }) => {
    expect(await policiesThatAskPerRow(db)).toEqual([])
  })

  test.for(CHANGES)(
    'B2.1.6 a sequential scan of thousands of rows for %s looks up the identity a few times',
    async (change, { db }) => {
      const app = await identifiedApp(db, await insertManyUsers(db))
      await disableIndexScans(app)

      const lookups = await identityLookups(app, change)

      expect(lookups).toBeGreaterThan(0)
      expect(lookups).toBeLessThan(10)
    },
  )

  test.for(CHANGES)('B2.1.6 own rows are found by an index for %s', async (change, { db }) => {
    const app = await identifiedApp(db, await insertManyUsers(db))

    const steps = await stepsOf(app, change)

    expect(steps.filter(({ index }) => index !== undefined)).not.toEqual([])
    expect(steps.map(({ kind }) => kind)).not.toContain('Seq Scan')
  })

  test('B2.1.6 a join looks up the identity once per table', async ({ db }) => {
    const app = await identifiedApp(db, await insertManyUsers(db))

    const lookups = await identityLookups(
      app,
      'select s.id from auth.users u join auth.sessions s on s.user_id = u.id',
    )

    expect(lookups).toBe(2)
  })

  test('B2.1.6 changing six rows looks up the identity as often as changing one', async ({ db }) => {
    const member = await insertManyUsers(db)
    const app = await identifiedApp(db, member)
    const change = 'update auth.sessions set ended_at = clock_timestamp()'

    const forOne = await identityLookups(app, `${change} where id = '${member.session}'`)
    await app.query('rollback; begin')
    await app.query('select auth.identify($1)', [member.token])
    const forSix = await identityLookups(app, change)

    expect(forSix).toBe(forOne)
  })

  test('B2.1.6 a prepared statement looks up the identity once per execution', async ({ db }) => {
    const app = await identifiedApp(db, await insertManyUsers(db))
    await app.query(
      'set plan_cache_mode = force_generic_plan; prepare own as select id from auth.sessions; execute own',
    )

    const lookups = await identityLookups(app, 'execute own')

    expect(lookups).toBe(1)
  })
})
