import { test as base, describe, expect } from '../harness/index.ts'
import {
  hashOf,
  identifiedApp,
  noRows,
  poolOfOne,
  rowsOf,
  twoMembers,
  visibleRows,
} from './vocabulary/row-security.ts'

const test = base.extend('template', 'rls')
const ownEmail = 'select email from auth.users'

describe('B2.1 Identity on a pooled connection', () => {
  test('B2.1.4 two users alternating on one connection see own rows only', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const first = await pool.request(ada, visibleRows)
    const second = await pool.request(grace, visibleRows)
    const third = await pool.request(ada, visibleRows)

    expect([first, second, third]).toEqual([rowsOf(ada), rowsOf(grace), rowsOf(ada)])
  })

  test('B2.1.4 a COMMIT in the middle of a request ends the identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const seen = pool.request(ada, async (connection) => {
      await connection.query('commit')
      return visibleRows(connection)
    })

    await expect(seen).resolves.toEqual(noRows)
  })

  test('B2.1.4 a ROLLBACK in the middle of a request ends the identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const seen = pool.request(ada, async (connection) => {
      await connection.query('rollback')
      return visibleRows(connection)
    })

    await expect(seen).resolves.toEqual(noRows)
  })

  test('B2.1.4 the transaction chained to a COMMIT has no identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const seen = pool.request(ada, async (connection) => {
      await connection.query('commit and chain')
      return visibleRows(connection)
    })

    await expect(seen).resolves.toEqual(noRows)
  })

  test('B2.1.4 a statement outside of any transaction sees no rows', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    await pool.request(ada, visibleRows)

    await expect(pool.plain(visibleRows)).resolves.toEqual(noRows)
  })

  test('B2.1.4 an identity set outside of any transaction ends with its statement', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    await pool.plain((connection) => connection.query('select auth.identify($1)', [ada.token]))

    await expect(pool.plain(visibleRows)).resolves.toEqual(noRows)
  })

  test('B2.1.4 a failed request leaves no identity to the next one', async ({ db }) => {
    const { ada, grace } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const failing = pool.request(ada, (connection) => connection.query('select 1 / 0'))

    await expect(failing).toFailWith('22012')
    await expect(pool.plain(visibleRows)).resolves.toEqual(noRows)
    await expect(pool.request(grace, visibleRows)).resolves.toEqual(rowsOf(grace))
  })

  test('B2.1.4 rolling back to a savepoint takes back an identity that was set after it', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await db.as('hma_app')
    await app.query('begin; savepoint before')
    await app.query('select auth.identify($1)', [ada.token])

    await app.query('rollback to before')

    await expect(visibleRows(app)).resolves.toEqual(noRows)
  })

  test('B2.1.4 an error after a savepoint does not change the identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    const seen = pool.request(ada, async (connection) => {
      await connection.query('savepoint before')
      await connection.query('select 1 / 0').catch(() => {})
      await connection.query('rollback to before')
      return visibleRows(connection)
    })

    await expect(seen).resolves.toEqual(rowsOf(ada))
  })

  test.for([
    ['of another user', hashOf('grace')],
    ['that nobody has', hashOf('nobody')],
    ['that is null', null],
  ])('B2.1.4 a transaction keeps its user: a token %s is refused', async ([, token], { db }) => {
    const { ada } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const identify = app.query('select auth.identify($1)', [token])

    await expect(identify).toBreakRule('transactions_have_one_user')
  })

  test.for(['reset all', 'reset session authorization; reset all'])(
    'B2.1.4 after %s a transaction has no identity, and no other',
    async (reset, { db }) => {
      const { ada } = await twoMembers(db)
      const app = await identifiedApp(db, ada)

      await app.query(reset)

      await expect(visibleRows(app)).resolves.toEqual(noRows)
    },
  )

  test('B2.1.4 the token of its user identifies a transaction again', async ({ db }) => {
    const { ada } = await twoMembers(db)
    const app = await identifiedApp(db, ada)

    const whose = app.value('select auth.identify($1)', [ada.token])

    await expect(whose).resolves.toBe(ada.id)
  })

  test('B2.1.4 the identity of a request with an id ends with its transaction, too', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)

    await pool.plain((connection) =>
      connection.query('select auth.identify($1, $2)', [ada.token, 'request 7']),
    )

    await expect(pool.plain(visibleRows)).resolves.toEqual(noRows)
  })

  test.for(['force_generic_plan', 'force_custom_plan', 'auto'])(
    'B2.1.4 one prepared statement serves both users, with plan_cache_mode %s',
    async (mode, { db }) => {
      const { ada, grace } = await twoMembers(db)
      await using pool = poolOfOne(db)
      await pool.plain((connection) =>
        connection.query(`set plan_cache_mode = ${mode}; prepare own as ${ownEmail}`),
      )

      const first = await pool.request(ada, (connection) => connection.query('execute own'))
      const second = await pool.request(grace, (connection) => connection.query('execute own'))

      expect([first, second]).toEqual([[{ email: ada.email }], [{ email: grace.email }]])
    },
  )

  test('B2.1.4 a statement that one user prepared shows no rows without identity', async ({ db }) => {
    const { ada } = await twoMembers(db)
    await using pool = poolOfOne(db)
    await pool.request(ada, (connection) => connection.query(`prepare own as ${ownEmail}; execute own`))

    const seen = pool.plain((connection) => connection.query('execute own'))

    await expect(seen).resolves.toEqual([])
  })
})
