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
import { migratorWithRole } from './vocabulary/logins.ts'
import { insertUser } from './vocabulary/users.ts'

const ZONES = ['Pacific/Kiritimati', 'Asia/Kolkata', 'UTC', 'America/New_York', 'Etc/GMT+12']

describe('B1.2 Leaves of the audit log', () => {
  test('B1.2.1 an audited change writes its record to the leaf of the current month', async ({ db }) => {
    await insertUser(db)

    const id = await db.value<string>(`select id from audit.audit_log where action = 'insert'`)
    expect(await leafOfRow(db, id)).toBe(await leafName(db, 0))
  })

  test.for([0, 1, 2, 3])(
    'B1.2.1 a row of %i months ahead is in the leaf of that month',
    async (ahead, { db }) => {
      const insert = insertAuditRow(db, monthStart(ahead))

      await expect(insert).toBeAccepted()
      expect(await leafOfRow(db, await insert)).toBe(await leafName(db, ahead))
    },
  )

  test.for(ZONES)(
    'B1.2.2 the last and the first microsecond of a month are in their leaves for a client in %s',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      const last = insertAuditRow(client, `${monthStart(1)} - interval '1 microsecond'`)
      const first = insertAuditRow(client, monthStart(1))

      await expect(Promise.all([last, first])).toBeAccepted()
      expect([await leafOfRow(db, await last), await leafOfRow(db, await first)]).toEqual(
        await leafNames(db, 0, 1),
      )
    },
  )

  test.for(ZONES)(
    'B1.2.2 leaves that a client in %s creates have bounds in UTC',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })

      await client.query('select audit.ensure_partitions(5)')

      expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 5))
    },
  )

  test.for(ZONES)(
    'B1.2.2 every audited change looks for the leaf of its month in UTC, for a client in %s',
    async (timeZone, { db }) => {
      const client = await db.connect({ timeZone })
      const moments = `unnest(array[${monthStart(1)} - interval '1 microsecond', ${monthStart(1)}]) moment`

      expect(await client.column(`select audit.leaf_of(moment) from ${moments}`)).toEqual(
        await leafNames(db, 0, 1),
      )
      await dropLeaves(db, await leafName(db, 1))
      expect(await client.column(`select audit.has_month(moment) from ${moments}`)).toEqual([true, false])
    },
  )

  test.for(ZONES)(
    'B1.2.2 the record of a change has the moment of the change, for a client in %s',
    async (timeZone, { db }) => {
      const start = await db.value<string>('select clock_timestamp()::text')
      const client = await db.connect({ timeZone })
      const id = await insertUser(client)

      const changes = client.query(`update auth.users set password_hash = 'y' where id = '${id}';
        delete from auth.users where id = '${id}'`)

      await expect(changes).toBeAccepted()
      expect(
        await db.column(
          'select action from audit.audit_log where occurred_at between $1 and clock_timestamp() order by id',
          [start],
        ),
      ).toEqual(['insert', 'update', 'delete'])
    },
  )

  test('B1.2.2 rows next to the bound of a leaf created in New York are in the right leaf', async ({
    db,
  }) => {
    const client = await db.connect({ timeZone: 'America/New_York' })
    await client.query('select audit.ensure_partitions(5)')

    const last = await insertAuditRow(db, `${monthStart(5)} - interval '1 microsecond'`)
    const first = await insertAuditRow(db, monthStart(5))

    expect([await leafOfRow(db, last), await leafOfRow(db, first)]).toEqual(await leafNames(db, 4, 5))
  })

  test('B1.2.3 the helper prepares the current month and three more', async ({ db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))

    const created = db.column('select audit.ensure_partitions()')

    await expect(created).toBeAccepted()
    expect(await created).toEqual(await leafNames(db, 0, 3))
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test.for(ZONES)(
    'B1.2.3 for a client in %s, too, it prepares these months, counts them, and then prepares none',
    async (timeZone, { db }) => {
      await dropLeaves(db, ...(await leafNames(db, 0, 3)))
      const client = await db.connect({ timeZone })
      const prepare = () => client.column('select audit.ensure_partitions()')

      const created = prepare()

      await expect(created).toBeAccepted()
      expect(await created).toEqual(await leafNames(db, 0, 3))
      expect(await client.value('select audit.months_ahead()')).toBe(3)
      const again = prepare()
      await expect(again).toBeAccepted()
      expect(await again).toEqual([])
      expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
    },
  )

  test('B1.2.3 the migrations prepare the current month and three more', async ({ db }) => {
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
    expect(await db.value('select audit.months_ahead()')).toBe(3)
  })

  test('B1.2.3 a second run of the helper creates nothing', async ({ db }) => {
    const created = db.column('select audit.ensure_partitions()')

    await expect(created).toBeAccepted()
    expect(await created).toEqual([])
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.3 the helper creates a missing month between others', async ({ db }) => {
    await dropLeaves(db, await leafName(db, 2))

    await db.query('select audit.ensure_partitions()')

    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.3 two sessions that run the helper at the same time create each month once', async ({ db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))
    const [first, second] = [await db.connect(), await db.connect()]
    await first.query('begin; select audit.ensure_partitions()')
    const secondError = errorOf(second.query('select audit.ensure_partitions()'))
    await expect.poll(() => countLockWaiters(db), { timeout: 5000 }).toBe(1)

    await first.query('commit')

    expect(await secondError).toBeNull()
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test('B1.2.3 so do two sessions of two logins', async ({ db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))
    const [first, second] = [await db.connect(), await migratorWithRole(db, 'hma_owner')]
    await first.query('begin; select audit.ensure_partitions()')
    const secondError = errorOf(second.query('select audit.ensure_partitions()'))
    await expect.poll(() => countLockWaiters(db), { timeout: 5000 }).toBe(1)

    await first.query('commit')

    expect(await secondError).toBeNull()
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, 3))
  })

  test.for([0, 120])('B1.2.3 the helper prepares %i months ahead', async (ahead, { db }) => {
    await dropLeaves(db, ...(await leafNames(db, 0, 3)))

    await expect(db.query('select audit.ensure_partitions($1)', [ahead])).toBeAccepted()
    expect(await leafBounds(db)).toEqual(await expectedLeafBounds(db, 0, ahead))
    expect(await db.value('select audit.months_ahead()')).toBe(ahead)
  })

  test.for([-1, 121, null])('B1.2.3 the helper rejects %s months ahead', async (ahead, { db }) => {
    const attempt = db.query('select audit.ensure_partitions($1)', [ahead])

    await expect(attempt).toBreakRule('months_ahead_are_0_to_120')
  })

  test('B1.2.3 a detached leaf does not count as a prepared month', async ({ db }) => {
    await db.query(`alter table audit.audit_log detach partition audit.${await leafName(db, 2)}`)

    const attempt = db.query('select audit.ensure_partitions()')

    await expect(attempt).toFailWith('42P07')
  })

  test.for([
    [2, 1],
    [0, -1],
  ] as const)(
    'B1.2.3 without the leaf of month %i, months_ahead is %i',
    async ([missing, expected], { db }) => {
      await dropLeaves(db, await leafName(db, missing))

      expect(await db.value('select audit.months_ahead()')).toBe(expected)
    },
  )
})
