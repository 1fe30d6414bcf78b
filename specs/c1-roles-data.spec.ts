import { describe, expect, test } from '../harness/index.ts'
import { ANALYTICS_VIEWS, personalValuesIn, valuesVisibleTo } from './vocabulary/analytics.ts'
import {
  ANALYTICS_CLASSES,
  AUTH_CLASSES,
  columnsReadBy,
  openViewsIn,
  unclassifiedIn,
} from './vocabulary/classes.ts'
import { LOGINS } from './vocabulary/matrix.ts'
import { sessionDependence } from './vocabulary/session-dependence.ts'
import { insertUserGroup, today } from './vocabulary/user-groups.ts'

/** In words of SQL, one group of each view; the crowd of nine below is in it. */
const GROUP_OF_NINE = [
  ['registrations_by_month', `month = '2026-03-01'`],
  ['people_by_age', 'band = 2'],
  ['sessions_by_day', `day = '2026-03-15'`],
  ['acceptances_by_document', `name = 'terms'`],
] as const

/** A day and a half from UTC, so that the reader's date is another one at every time of day. */
const VIEWS_AND_DAYS = ANALYTICS_VIEWS.flatMap((view) =>
  ['BEHIND36', 'AHEAD-36'].map((timeZone) => [view, timeZone] as const),
)

describe('C1.3 Data minimisation', () => {
  test('C1.3.1 every column of auth is classified', async ({ db }) => {
    const unclassified = await unclassifiedIn(db, 'auth', AUTH_CLASSES)

    expect(unclassified).toEqual([])
  })

  test('C1.3.1 no login and no analytics view reads a secret column', async ({ db }) => {
    const read = await columnsReadBy(db, [...LOGINS, 'hma_analytics_definer'], 'secret')

    expect(read).toEqual([])
  })

  test('C1.3.1 neither analytics, models nor the audit read a personal column', async ({ db }) => {
    const read = await columnsReadBy(db, ['analytics_reader', 'hma_ml', 'hma_audit_writer'], 'personal')

    expect(read).toEqual([])
  })

  test('C1.3.2 every column of analytics is classified as a figure', async ({ db }) => {
    const unclassified = await unclassifiedIn(db, 'analytics', ANALYTICS_CLASSES)

    expect(unclassified).toEqual([])
  })

  test('C1.3.2 no personal value appears in any view', async ({ db }) => {
    await insertUserGroup(db, { count: 10, sessions: 2 })
    const personal = new Set(await personalValuesIn(db))

    const shown = await valuesVisibleTo(await db.as('analytics_reader'))

    expect(shown.filter((value) => personal.has(value))).toEqual([])
  })

  test.for(ANALYTICS_VIEWS)(
    'C1.3.2 %s shows a group of ten and leaves out a group of nine',
    async (view, { db }) => {
      await insertUserGroup(db, { count: 9, age: 30, on: '2026-03-15', document: 'terms' })
      await insertUserGroup(db, { count: 10, age: 40, on: '2026-04-15', document: 'privacy' })
      const reader = await db.as('analytics_reader')

      expect(await reader.query(`select people from analytics.${view}`)).toEqual([{ people: '10' }])
    },
  )

  test.for(ANALYTICS_VIEWS)('C1.3.2 %s shows a group of nineteen as ten', async (view, { db }) => {
    await insertUserGroup(db, { count: 19, sessions: 3 })
    const reader = await db.as('analytics_reader')

    expect(await reader.query(`select people from analytics.${view}`)).toEqual([{ people: '10' }])
  })

  test.for(ANALYTICS_VIEWS)('C1.3.2 %s shows a large group in tens, too', async (view, { db }) => {
    await insertUserGroup(db, { count: 1009 })
    const reader = await db.as('analytics_reader')

    expect(await reader.query(`select people from analytics.${view}`)).toEqual([{ people: '1000' }])
  })

  test('C1.3.2 sessions are shown in tens, too', async ({ db }) => {
    await insertUserGroup(db, { count: 19, sessions: 3 })
    const reader = await db.as('analytics_reader')

    expect(await reader.query('select sessions from analytics.sessions_by_day')).toEqual([{ sessions: '50' }])
  })

  test('C1.3.2 a hidden group is not the difference of a total and its parts', async ({ db }) => {
    await insertUserGroup(db, { count: 9, age: 30, document: 'terms' })
    await insertUserGroup(db, { count: 10, age: 40, document: 'privacy' })
    const reader = await db.as('analytics_reader')

    const total = await reader.value('select sum(people) from analytics.registrations_by_month')

    expect(total).toBe(await reader.value('select sum(people) from analytics.people_by_age'))
  })

  test.for(VIEWS_AND_DAYS)(
    'C1.3.2 %s does not change with what happens today, for a reader in %s',
    async ([view, timeZone], { db }) => {
      await insertUserGroup(db, { count: 10, on: await today(db), document: 'terms' })
      const reader = await db.as('analytics_reader', { timeZone })

      expect(await reader.query(`select people from analytics.${view}`)).toEqual([])
    },
  )

  test.for(VIEWS_AND_DAYS)(
    'C1.3.2 %s shows what happened until yesterday, for a reader in %s',
    async ([view, timeZone], { db }) => {
      await insertUserGroup(db, { count: 10, on: await today(db, -1), document: 'terms' })
      const reader = await db.as('analytics_reader', { timeZone })

      expect(await reader.query(`select people from analytics.${view}`)).toEqual([{ people: '10' }])
    },
  )

  test('C1.3.2 the limit: somebody who can register nine users sees that one more is in their group', async ({
    db,
  }) => {
    await insertUserGroup(db, { count: 9, document: 'terms' })
    const reader = await db.as('analytics_reader')
    const before = await reader.count('analytics.people_by_age')
    await insertUserGroup(db, { count: 1, document: 'privacy' })

    expect([before, await reader.count('analytics.people_by_age')]).toEqual([0, 1])
  })

  test('C1.3.2 nothing of the reader’s session changes what a view shows', async ({ db }) => {
    expect(await sessionDependence(db, 'analytics')).toEqual([])
  })

  test('C1.3.2 nine users with many sessions count as nine', async ({ db }) => {
    await insertUserGroup(db, { count: 9, sessions: 5 })
    const reader = await db.as('analytics_reader')

    expect(await reader.count('analytics.sessions_by_day')).toBe(0)
  })

  test.for(GROUP_OF_NINE)(
    'C1.3.2 a filter that fails on a hidden group of %s reveals nothing',
    async (probe, { db }) => {
      const [view, group] = probe
      await insertUserGroup(db, { count: 9 })
      const reader = await db.as('analytics_reader')

      const attempt = reader.query(`select from analytics.${view} where 1 / (not ${group})::int = 1`)

      await expect(attempt).toBeAccepted()
    },
  )

  test('C1.3.2 every view of analytics is a security barrier', async ({ db }) => {
    const open = await openViewsIn(db)

    expect(open).toEqual([])
  })
})
