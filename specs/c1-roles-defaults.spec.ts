import { describe, expect, test } from '../harness/index.ts'
import { attemptWhatPostgresKeeps } from './vocabulary/acts.ts'
import {
  makeOneOfEach,
  makeOneOfEachEverywhere,
  privilegesOfAllOn,
  reviewedForAllOn,
} from './vocabulary/fresh.ts'
import { actAs, admitStranger } from './vocabulary/logins.ts'
import { objectsOf } from './vocabulary/objects.ts'
import { attemptOn, attemptOutsideOf, defaultPrivilegesIn } from './vocabulary/privileges.ts'

describe('C1.1 Default privileges, and PUBLIC', () => {
  test('C1.1.1 a new object in any schema gives each role what the matrix says', async ({ db }) => {
    const fresh = await makeOneOfEachEverywhere(db)

    expect(await privilegesOfAllOn(db, fresh)).toEqual(reviewedForAllOn(fresh))
  })

  test('C1.1.1 no default privilege gives anything to another role', async ({ db }) => {
    const given = await defaultPrivilegesIn(db)

    expect(given).toEqual([])
  })

  test('C1.1.2 a login that was granted nothing cannot connect', async ({ db }) => {
    await using stranger = await admitStranger(db)

    await expect(db.as(stranger.name)).toBeDenied()
  })

  test('C1.1.2 PUBLIC executes no function of any schema', async ({ db }) => {
    const functions = (await objectsOf(db)).filter(({ kind }) => kind === 'function')

    expect(await attemptOn(db, 'PUBLIC', functions)).toEqual([])
  })

  test('C1.1.2 PUBLIC executes no function that is added later', async ({ db }) => {
    const fresh = await makeOneOfEach(db, 'hma_owner', 'ops')

    expect(await attemptOn(db, 'PUBLIC', fresh)).toEqual([])
  })

  test('C1.1.2 PUBLIC creates nothing in any schema, and no temporary table', async ({ db }) => {
    const objects = await objectsOf(db)

    expect(await attemptOutsideOf(db, 'PUBLIC', objects)).toEqual([])
  })

  test('C1.1.2 PUBLIC makes no large object and gets nothing that Postgres keeps', async ({ db }) => {
    await using stranger = await actAs(db, 'PUBLIC')

    expect(await attemptWhatPostgresKeeps(db, stranger)).toEqual([])
  })
})
