// What the matrix gives on objects that it names and that are created later, as the leaves of the audit log are.
import { mayDo } from './matrix.ts'
import { type DbObject, innerCellsOf } from './objects.ts'
import type { Held } from './privileges.ts'

/** The cells of these objects that it gives each of these roles, in the order in which they are attempted. */
export function privilegesListed(roles: string[], objects: DbObject[]): Held {
  const cells = innerCellsOf(objects)
  return Object.fromEntries(
    roles.map((role) => [role, cells.filter((each) => mayDo(role, each)).map(({ cell }) => cell)]),
  )
}
