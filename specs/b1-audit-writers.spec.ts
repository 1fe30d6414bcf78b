import { type Database, describe, expect, type Session, test } from '../harness/index.ts'
import { countUnsealedRows, sealLog, verifyLog } from './vocabulary/audit-seals.ts'
import { errorOf } from './vocabulary/errors.ts'
import { insertUser } from './vocabulary/users.ts'

/** A session in an open transaction that gives up where it would have to wait. */
async function impatient(db: Database): Promise<Session> {
  const session = await db.connect()
  await session.query(`set lock_timeout = '300ms'; begin`)
  return session
}

describe('B1.2 Writers and seals side by side', () => {
  test('B1.2.7 writers in open transactions do not wait for each other', async ({ db }) => {
    const [first, second] = [await impatient(db), await impatient(db)]

    await expect(insertUser(first)).toBeAccepted()
    await expect(insertUser(second, { email: 'grace@example.org' })).toBeAccepted()
    await expect(first.query(`update auth.users set email = 'eve@example.org'`)).toBeAccepted()
  })

  test('B1.2.7 writers that commit in another order than they wrote leave one log', async ({ db }) => {
    const [first, second] = [await impatient(db), await impatient(db)]
    await insertUser(first)
    await insertUser(second, { email: 'grace@example.org' })
    await second.query('commit')
    await first.query('commit')

    const head = await sealLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
    expect(await verifyLog(db, head)).toEqual([])
  })

  test('B1.2.7 a seal does not miss the row of a writer at work: it gives up waiting', async ({ db }) => {
    const writer = await impatient(db)
    await insertUser(writer)
    await insertUser(db, { email: 'grace@example.org' })

    const refusal = await errorOf(db.query('select audit.seal()'))

    expect(refusal).toMatchObject({ code: '55P03' })
    expect(await db.count('audit.audit_seal')).toBe(0)
  })

  test('B1.2.7 what a writer commits after a seal gave up is in the next', async ({ db }) => {
    const writer = await impatient(db)
    await insertUser(writer)
    await insertUser(db, { email: 'grace@example.org' })
    await errorOf(db.query('select audit.seal()'))
    await writer.query('commit')

    await sealLog(db)

    expect(await countUnsealedRows(db)).toBe('0')
    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 a seal in an open transaction holds no writer off, and its rows come after', async ({
    db,
  }) => {
    await insertUser(db)
    const sealer = await impatient(db)
    await sealer.query('select audit.seal()')
    const writer = await impatient(db)

    const writing = insertUser(writer, { email: 'grace@example.org' })

    await expect(writing).toBeAccepted()
    await writer.query('commit')
    await sealer.query('commit')
    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 no row comes late below a sealed number, whichever session writes', async ({ db }) => {
    const [first, second] = [await db.connect(), await db.connect()]
    await insertUser(first)
    await insertUser(second, { email: 'grace@example.org' })
    await sealLog(db)

    await first.query(`update auth.users set email = 'eve@example.org' where email = 'ada@example.org'`)
    await second.query(`delete from auth.users where email = 'grace@example.org'`)

    expect(await verifyLog(db)).toEqual([])
  })

  test('B1.2.7 two sessions do not seal the same rows', async ({ db }) => {
    await insertUser(db)
    const [first, second] = [await impatient(db), await impatient(db)]
    await first.query('select audit.seal()')

    const refusal = await errorOf(second.query('select audit.seal()'))

    expect(refusal).toMatchObject({ code: '55P03' })
  })

  test.for(['repeatable read', 'serializable'])(
    'B1.2.7 a seal in %s is refused: its snapshot is too old',
    async (level, { db }) => {
      const sealer = await db.connect()
      await sealer.query(`begin isolation level ${level}`)

      const attempt = sealer.query('select audit.seal()')

      await expect(attempt).toBreakRule('seals_see_what_is_committed')
    },
  )

  test('B1.2.7 what a writer rolled back leaves a gap that is no finding', async ({ db }) => {
    const writer = await impatient(db)
    await insertUser(writer)
    await writer.query('rollback')
    await insertUser(db)

    await sealLog(db)

    expect(await verifyLog(db)).toEqual([])
  })
})
