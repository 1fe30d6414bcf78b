import { describe, expect, test } from '../harness/index.ts'
import { privilegesListed } from './vocabulary/listed-privileges.ts'
import { OWN_SCHEMAS } from './vocabulary/matrix.ts'
import {
  addColumnToEachTable,
  createLeavesAsOwner,
  createObjectsAsEachCreator,
  creatorsIn,
  privilegesOfEachRole,
  reviewedPrivileges,
} from './vocabulary/new-objects.ts'
import { attemptColumnsOf, attemptOn } from './vocabulary/privileges.ts'

describe('B2.2 Objects created later', () => {
  test.for(OWN_SCHEMAS)(
    'B2.2.2 no other role gets a privilege on what a role creates in %s',
    async (schema, { db }) => {
      const fresh = await createObjectsAsEachCreator(db, schema)

      expect(await attemptOn(db, 'hma_app', fresh)).toEqual([])
      expect(await attemptOn(db, 'analytics_reader', fresh)).toEqual([])
      expect(await attemptOn(db, 'PUBLIC', fresh)).toEqual([])
      expect(await attemptOn(db, 'hma_ml', fresh)).toEqual([])
      expect(await attemptOn(db, 'hma_monitor', fresh)).toEqual([])
      expect(await attemptOn(db, 'hma_backup', fresh)).toEqual(reviewedPrivileges(fresh).hma_backup)
    },
  )

  test('B2.2.2 the roles that create objects are the migrator, the owner and the definers', async ({
    db,
  }) => {
    const creators = [
      'hma_analytics_definer',
      'hma_audit_writer',
      'hma_auth_definer',
      'hma_migrator',
      'hma_owner',
    ]

    expect(await creatorsIn(db)).toEqual(expect.arrayContaining(creators))
  })

  test('B2.2.2 no other role gets a privilege on the leaf of a future month', async ({ db }) => {
    const leaves = await createLeavesAsOwner(db, 6)

    expect(leaves).toHaveLength(7)
    const held = await privilegesOfEachRole(db, leaves)
    expect(held).toMatchObject({ hma_app: [], analytics_reader: [], hma_audit_writer: [], PUBLIC: [] })
    expect(held).toEqual(privilegesListed(Object.keys(held), leaves))
  })

  test('B2.2.2 no role gets a privilege on a column that is added later to an auth table', async ({ db }) => {
    const tables = await addColumnToEachTable(db, 'auth')

    expect(await attemptColumnsOf(db, 'hma_app', tables)).toEqual([])
    expect(await attemptColumnsOf(db, 'hma_auth_definer', tables)).toEqual([])
    expect(await attemptColumnsOf(db, 'analytics_reader', tables)).toEqual([])
  })
})
