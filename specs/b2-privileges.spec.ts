import { describe, expect, test } from '../harness/index.ts'
import { connectAsEachLogin } from './vocabulary/logins.ts'
import { objectsFound, objectsListed, ROLES } from './vocabulary/matrix.ts'
import { objectsOf } from './vocabulary/objects.ts'
import {
  attributesOf,
  grantEverythingToOthers,
  grantsInCatalog,
  privilegesOfAll,
  reviewedAttributes,
  reviewedGrantsOf,
  reviewedPrivilegesOfAll,
} from './vocabulary/privileges.ts'
import { membershipsIn, rareCatalogs, rareGrants, rareObjects, rolesIn } from './vocabulary/rare-grants.ts'

describe('B2.2 The reviewed matrix of privileges', () => {
  test('B2.2.1 the privileges of each role on each object equal the matrix, by attempt', async ({ db }) => {
    const reviewed = await reviewedPrivilegesOfAll(db)

    expect(await privilegesOfAll(db)).toEqual(reviewed)
  })

  test('B2.2.1 neither the application nor the reader can grant its privileges to others', async ({ db }) => {
    expect(await grantEverythingToOthers(db, 'hma_app')).toEqual([])
    expect(await grantEverythingToOthers(db, 'analytics_reader')).toEqual([])
  })

  test('B2.2.1 each login of the matrix connects', async ({ db }) => {
    await expect(connectAsEachLogin(db)).toBeAccepted()
  })

  test('B2.2.1 each role has exactly the attributes of the matrix', async ({ db }) => {
    const attributes = await attributesOf(db)

    expect(attributes).toEqual(reviewedAttributes())
  })

  test('B2.2.1 every object is in the matrix, and everything in the matrix exists', async ({ db }) => {
    const found = objectsFound(await objectsOf(db))

    expect(found).toEqual(objectsListed())
  })

  test('B2.2.1 of the kinds of objects that the matrix does not list there is none, nor a privilege on one', async ({
    db,
  }) => {
    expect(await rareObjects(db)).toEqual([])
    expect(await rareGrants(db)).toEqual(['pg_parameter_acl: SET for hma_auth_definer'])
  })

  test('B2.2.1 those kinds are all that Postgres has', async ({ db }) => {
    expect(await rareCatalogs(db)).toEqual([
      'pg_foreign_data_wrapper.fdwacl',
      'pg_foreign_server.srvacl',
      'pg_largeobject_metadata.lomacl',
      'pg_parameter_acl.paracl',
      'pg_tablespace.spcacl',
    ])
  })

  test('B2.2.1 no other role exists, and none is a member of another one but these', async ({ cluster }) => {
    const db = await cluster.database()

    expect(await rolesIn(db)).toEqual(ROLES.filter((role) => role !== 'PUBLIC').sort())
    expect(await membershipsIn(db)).toEqual([
      'hma_backup in pg_read_all_data: inherits, becomes',
      'hma_backup in pg_read_all_settings: inherits',
      'hma_migrator in hma_owner: becomes',
      'hma_monitor in pg_monitor: inherits',
      'hma_owner in hma_analytics_definer: becomes',
      'hma_owner in hma_audit_writer: becomes',
      'hma_owner in hma_auth_definer: becomes',
    ])
  })

  test('B2.2.1 no other role has a grant, and no grant has the grant option', async ({ db }) => {
    const written = await grantsInCatalog(db)

    expect(written).toEqual(await reviewedGrantsOf(db))
  })
})
