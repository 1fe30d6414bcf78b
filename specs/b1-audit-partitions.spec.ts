import { describe, expect, test } from '../harness/index.ts'
import { insertAuditRow } from './vocabulary/audit-log.ts'
import {
  dropLeaves,
  expectedLeafBounds,
  leafBounds,
  leafName,
  leafNames,
  leafOfRow,
  monthStart,
} from './vocabulary/audit-partitions.ts'
import { errorOf } from './vocabulary/errors.ts'
import { countLockWaiters } from './vocabulary/lock-waiters.ts'
import { insertUser } from './vocabulary/users.ts'

const FAR_APART = ['Pacific/Kiritimati', 'Asia/Kolkata', 'UTC', 'America/New_York', 'Etc/GMT+12']

describe('B1.2 The months of the audit log', () => {
  test('B1.2.1 an audit row is written to the leaf of its month', async ({ db }) => {
    await insertUser(db)

    const id = await db.value<string>(`select id from audit.audit_log where action = 'insert'`)
    expect(await leafOfRow(db, id)).toBe(await leafName(db, 0))
  })

  test.for([0, 1, 2, 3])(
    'B1.2.1 a row of %i months ahead is written to that month',
    async (ahead, { db }) => {
      const write = insertAuditRow(db, monthStart(ahead))

      await expect(write).toBeAccepted()
      expect(await leafOfRow(db, await write)).toBe(await leafName(db, ahead))
    },
  )

  test.for(FAR_APART)(
    'B1.2.2 the last microsecond of a month stays in it for a client in %s',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const write = insertAuditRow(client, `${monthStart(1)} - interval '1 microsecond'`)

      await expect(write).toBeAccepted()
      expect(await leafOfRow(db, await write)).toBe(await leafName(db, 0))
    },
  )

  test.for(FAR_APART)(
    'B1.2.2 the first microsecond of a month opens it for a client in %s',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const write = insertAuditRow(client, monthStart(1))

      await expect(write).toBeAccepted()
      expect(await leafOfRow(db, await write)).toBe(await leafName(db, 1))
    },
  )

  test.for(FAR_APART)(
    'B1.2.2 a month prepared by a client in %s has the bounds of UTC',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      await client.query('select audit.ensure_partitions(5)')

      expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 5))
    },
  )

  test('B1.2.2 the edges of a month prepared in New York hold', async ({ db }) => {
    const client = await db.connect({ timeZone: 'America/New_York' })
    await client.query('select audit.ensure_partitions(5)')

    const last = await insertAuditRow(db, `${monthStart(5)} - interval '1 microsecond'`)
    const first = await insertAuditRow(db, monthStart(5))

    expect([await leafOfRow(db, last), await leafOfRow(db, first)]).toEqual(await leafNames(db, 4, 5))
  })

  test('B1.2.3 the helper prepares the current month and three more', async ({ db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))

    const helped = db.query('select audit.ensure_partitions() as leaf')

    await expect(helped).toBeAccepted()
    expect((await helped).map(({ leaf }) => leaf)).toEqual(await leafNames(db, 0, 3))
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.3 migrations leave the current month and three more prepared', async ({ db }) => {
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
    expect(await db.value('select audit.months_ahead()')).toBe(3)
  })

  test('B1.2.3 repeating the helper changes nothing', async ({ db }) => {
    const before = await leafBounds(db)

    const made = db.query('select audit.ensure_partitions()')

    await expect(made).toBeAccepted()
    expect(await made).toEqual([])
    expect(await leafBounds(db)).toEqual(before)
  })

  test('B1.2.3 the helper fills a gap between months', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 2))

    await db.query('select audit.ensure_partitions()')

    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.3 two sessions that run the helper at once make each month once', async ({ db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))
    const [first, second] = [await db.connect(), await db.connect()]
    await first.query('begin; select audit.ensure_partitions()')
    const late = errorOf(second.query('select audit.ensure_partitions()'))
    await expect.poll(() => countLockWaiters(db), { timeout: 5000 }).toBe(1)

    await first.query('commit')

    expect(await late).toBeNull()
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test.for([-1, 121, null])('B1.2.3 the helper refuses %s months ahead', async (ahead, { db }) => {
    const attempt = db.query('select audit.ensure_partitions($1)', [ahead])

    await expect(attempt).toBreakRule('months_ahead_are_0_to_120')
  })

  test('B1.2.3 a leaf that is there and not attached does not pass for a prepared month', async ({ db }) => {
    await db.query(`alter table audit.audit_log detach partition audit.${await leafName(db, 2)}`)

    const attempt = db.query('select audit.ensure_partitions()')

    await expect(attempt).toFailWith('42P07')
  })

  test('B1.2.3 months ahead are counted up to the first gap', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 2))

    expect(await db.value('select audit.months_ahead()')).toBe(1)
  })

  test('B1.2.3 without the current month, the months ahead are -1', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 0))

    expect(await db.value('select audit.months_ahead()')).toBe(-1)
  })
})
