import { describe, expect, test } from '../harness/index.ts'
import { actAs } from './vocabulary/logins.ts'
import { LOGINS, objectsFound, objectsListed, ROLES } from './vocabulary/matrix.ts'
import { objectsOf } from './vocabulary/objects.ts'
import {
  attributesOf,
  grantsWrittenIn,
  passEverythingOn,
  privilegesOf,
  reviewedAttributes,
  reviewedGrantsOf,
  reviewedPrivilegesOf,
} from './vocabulary/privileges.ts'

describe('B2.2 The reviewed matrix of privileges', () => {
  test.for(ROLES)(
    'B2.2.1 the privileges of %s on every object equal the matrix, by attempt',
    async (role, { db }) => {
      const reviewed = await reviewedPrivilegesOf(db, role)

      expect(await privilegesOf(db, role)).toEqual(reviewed)
    },
  )

  test('B2.2.1 every object stands in the matrix, and everything in the matrix exists', async ({ db }) => {
    const found = objectsFound(await objectsOf(db))

    expect(found).toEqual(objectsListed())
  })

  test('B2.2.1 nobody else was granted anything, and nothing may be passed on', async ({ db }) => {
    const written = await grantsWrittenIn(db)

    expect(written).toEqual(await reviewedGrantsOf(db))
  })

  test.for(['hma_app', 'analytics_reader'])('B2.2.1 %s cannot pass on what it has', async (role, { db }) => {
    const passedOn = await passEverythingOn(db, role)

    expect(passedOn).toEqual([])
  })

  test.for(LOGINS)('B2.2.1 %s logs in', async (role, { db }) => {
    await expect(actAs(db, role)).toBeAccepted()
  })

  test('B2.2.1 each role is what the matrix says, and no more', async ({ db }) => {
    const attributes = await attributesOf(db)

    expect(attributes).toEqual(reviewedAttributes())
  })
})
