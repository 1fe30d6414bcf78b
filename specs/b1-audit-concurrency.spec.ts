import { type Database, describe, expect, type Session, test } from '../harness/index.ts'
import { countUnsealedRows, sealLog, verifyLog } from './vocabulary/audit-seals.ts'
import { errorOf } from './vocabulary/errors.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { insertUser } from './vocabulary/users.ts'

const GRACE = { email: 'grace@example.org' }

/** A session in an open transaction that fails where it would have to wait for a lock. */
async function beginWithoutWaiting(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query(`set lock_timeout = '300ms'; begin`)
  return session
}

describe('B1.2 Concurrent writers and seals', () => {
  test('B1.2.7 writers in open transactions do not wait for each other', async ({ db }) => {
    const [first, second] = [await beginWithoutWaiting(db), await beginWithoutWaiting(db)]

    await expect(insertUser(first)).toBeAccepted()
    await expect(insertUser(second, GRACE)).toBeAccepted()
    await expect(first.query(`update auth.users set email = 'eve@example.org'`)).toBeAccepted()
  })

  test('B1.2.7 rows that are committed in another order than inserted are sealed', async ({ db }) => {
    const [first, second] = [await beginWithoutWaiting(db), await beginWithoutWaiting(db)]
    await insertUser(first)
    await insertUser(second, GRACE)
    await second.query('commit')
    await first.query('commit')

    const head = await sealLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
    expect(await verifyLog(db, head)).toEqual([])
  })

  test('B1.2.7 a seal gives up while a writer is active, and seals nothing', async ({ db }) => {
    const writer = await beginWithoutWaiting(db)
    await insertUser(writer)
    await insertUser(db, GRACE)

    const seal = db.query('select audit.seal()')

    await expect(seal).toFailWith('55P03')
    expect(await db.count('audit.audit_seal')).toBe(0)
  })

  test('B1.2.7 another writer goes on while a seal waits for the first', async ({ db }) => {
    const [first, second] = [await beginWithoutWaiting(db), await beginWithoutWaiting(db)]
    await insertUser(first)
    const seal = errorOf(db.query('select audit.seal()'))
    await expect.poll(() => countLockWaiters(second), { timeout: 5000, interval: 10 }).toBe(1)

    const insert = insertUser(second, GRACE)

    await expect(insert).toBeAccepted()
    expect(await seal).toMatchObject({ code: '55P03' })
  })

  test('B1.2.7 a seal succeeds when the writer that it waits for commits', async ({ db }) => {
    const [writer, observer] = [await beginWithoutWaiting(db), await db.connect()]
    await insertUser(writer)
    const seal = errorOf(db.query('select audit.seal()'))
    await expect.poll(() => countLockWaiters(observer), { timeout: 5000, interval: 10 }).toBe(1)
    await expect.poll(() => countLockWaiters(observer), { timeout: 5000, interval: 10 }).toBe(0)

    await writer.query('commit')

    expect(await seal).toBeNull()
    expect(await countUnsealedRows(db)).toBe('0')
  })

  test('B1.2.7 the rows of that writer are in the next seal', async ({ db }) => {
    const writer = await beginWithoutWaiting(db)
    await insertUser(writer)
    await insertUser(db, GRACE)
    await expect(db.query('select audit.seal()')).toFailWith('55P03')
    await writer.query('commit')

    await sealLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 a writer does not wait for an uncommitted seal, and its rows are not in it', async ({
    db,
  }) => {
    await insertUser(db)
    const sealer = await beginWithoutWaiting(db)
    await sealer.query('select audit.seal()')
    const writer = await beginWithoutWaiting(db)

    const insert = insertUser(writer, GRACE)

    await expect(insert).toBeAccepted()
    await writer.query('commit')
    await sealer.query('commit')
    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 no session inserts a row with an id below the last sealed one', async ({ db }) => {
    const [first, second] = [await db.connect(), await db.connect()]
    await insertUser(first)
    await insertUser(second, GRACE)
    await sealLog(db)

    await first.query(`update auth.users set email = 'eve@example.org' where email = 'ada@example.org'`)
    await second.query(`delete from auth.users where email = 'grace@example.org'`)

    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 two sessions do not seal the same rows', async ({ db }) => {
    await insertUser(db)
    const [first, second] = [await beginWithoutWaiting(db), await beginWithoutWaiting(db)]
    await first.query('select audit.seal()')

    const seal = second.query('select audit.seal()')

    await expect(seal).toFailWith('55P03')
  })

  test.for(['repeatable read', 'serializable'])(
    'B1.2.7 a seal in %s is refused, since its snapshot may lack committed rows',
    async (level, { db }) => {
      const sealer = await db.connect()
      await sealer.query(`begin isolation level ${level}`)

      const seal = sealer.query('select audit.seal()')

      await expect(seal).toBreakRule('seals_see_what_is_committed')
    },
  )

  test('B1.2.7 the gap of a rolled back row is no finding', async ({ db }) => {
    const writer = await beginWithoutWaiting(db)
    await insertUser(writer)
    await writer.query('rollback')
    await insertUser(db)

    await sealLog(db)

    expect(await verifyLog(db)).toEqual([])
  })
})
