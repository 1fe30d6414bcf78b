import { describe, expect, test } from '../harness/index.ts'
import { connectAs, createUnprivilegedLogin } from './vocabulary/logins.ts'
import {
  createObjects,
  createObjectsInEachSchema,
  privilegesOfEachRole,
  reviewedPrivileges,
} from './vocabulary/new-objects.ts'
import { objectsOf } from './vocabulary/objects.ts'
import { attemptSystemObjects } from './vocabulary/owner-statements.ts'
import { attemptOn, attemptOutsideOf, defaultPrivilegesIn } from './vocabulary/privileges.ts'
import { rareGrants } from './vocabulary/rare-grants.ts'

describe('C1.1 Default privileges, and PUBLIC', () => {
  test('C1.1.1 a new object in any schema gives each role what the matrix says', async ({ db }) => {
    const fresh = await createObjectsInEachSchema(db)

    expect(await privilegesOfEachRole(db, fresh)).toEqual(reviewedPrivileges(fresh))
  })

  test('C1.1.1 no default privilege gives anything to another role', async ({ db }) => {
    const given = await defaultPrivilegesIn(db)

    expect(given).toEqual([])
  })

  test('C1.1.2 a login without grants cannot connect', async ({ db }) => {
    await using login = await createUnprivilegedLogin(db)

    await expect(db.as(login.name)).toBeDenied()
  })

  test('C1.1.2 PUBLIC executes no function of any schema', async ({ db }) => {
    const functions = (await objectsOf(db)).filter(({ kind }) => kind === 'function')

    expect(await attemptOn(db, 'PUBLIC', functions)).toEqual([])
  })

  test('C1.1.2 PUBLIC executes no function that is added later', async ({ db }) => {
    const fresh = await createObjects(db, 'hma_owner', 'ops')

    expect(await attemptOn(db, 'PUBLIC', fresh)).toEqual([])
  })

  test('C1.1.2 PUBLIC creates nothing in any schema, and no temporary table', async ({ db }) => {
    const objects = await objectsOf(db)

    expect(await attemptOutsideOf(db, 'PUBLIC', objects)).toEqual([])
  })

  test('C1.1.2 PUBLIC has no privilege on a large object, a foreign server or a setting', async ({ db }) => {
    const grants = await rareGrants(db)

    expect(grants.filter((grant) => grant.endsWith('for PUBLIC'))).toEqual([])
  })

  test('C1.1.2 PUBLIC creates no large object and gets nothing that Postgres reserves', async ({ db }) => {
    await using session = await connectAs(db, 'PUBLIC')

    expect(await attemptSystemObjects(db, session)).toEqual([])
  })
})
