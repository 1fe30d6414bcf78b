import { describe, expect, test } from '../harness/index.ts'
import { LOGINS, objectsFound, objectsListed, ROLES } from './vocabulary/matrix.ts'
import { objectsOf } from './vocabulary/objects.ts'
import {
  grantsWrittenIn,
  privilegesOf,
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

  test('B2.2.1 nobody else was granted anything, and nobody may pass on what they have', async ({ db }) => {
    const written = await grantsWrittenIn(db)

    expect(written).toEqual(await reviewedGrantsOf(db))
  })
})
