import { describe, expect, test } from '../harness/index.ts'
import {
  definersIn,
  overprivilegedOwnersIn,
  setTraps,
  triggeredTraps,
  unpinnedFunctionsIn,
  useAsUser,
} from './vocabulary/definers.ts'
import { migratorWithRole } from './vocabulary/logins.ts'
import { definersListed } from './vocabulary/matrix.ts'

describe('C1.1 Functions that run with the rights of their owner', () => {
  test('C1.1.3 every definer function and its owner are in the matrix', async ({ db }) => {
    const definers = await definersIn(db)

    expect(definers).toEqual(definersListed())
  })

  test('C1.1.3 every function that resolves names at run time has an empty search path', async ({ db }) => {
    const unpinned = await unpinnedFunctionsIn(db)

    expect(unpinned).toEqual([])
  })

  test('C1.1.3 no owner of a definer function can do more than its functions need', async ({ db }) => {
    const wide = await overprivilegedOwnersIn(db)

    expect(wide).toEqual([])
  })

  test('C1.1.3 the function that audits a table watched from now on is pinned and belongs to the writer', async ({
    db,
  }) => {
    await using owner = await migratorWithRole(db, 'hma_owner')

    await owner.query(`create table auth.notes (id uuid not null); select audit.watch('auth.notes')`)

    const added = 'audit.rows_of_auth_notes() runs as hma_audit_writer'
    expect(await definersIn(db)).toEqual([...definersListed(), added].sort())
    expect(await unpinnedFunctionsIn(db)).toEqual([])
    expect(await overprivilegedOwnersIn(db)).toEqual([])
  })

  test('C1.1.3 a caller’s search path changes no name in a definer function', async ({ db }) => {
    await setTraps(db)
    const app = await db.as('hma_app')
    await app.query('set search_path = workbench, pg_catalog')

    await useAsUser(db, app)

    expect(await triggeredTraps(db, 'hma_app')).toEqual([])
  })
})
