// The operators by kind of object: what can be wrong with it, as statements that a superuser runs.
import type { Operator } from './facts.ts'
import { type CatalogObject, type Mutant, mutantsOf } from './mutant.ts'
import { creator, grant, grantable, policy } from './of-access.ts'
import { eventTrigger, routine, trigger, view } from './of-code.ts'
import { column, constraint, enumeration, index, partition, table } from './of-tables.ts'

const OPERATORS: Record<string, Operator> = {
  constraint,
  index,
  trigger,
  function: routine,
  policy,
  view,
  column,
  table,
  partition,
  enum: enumeration,
  'event trigger': eventTrigger,
  grant,
  grantable,
  role: creator,
}

/** All mutants of these objects. */
export function generate(objects: CatalogObject[]): Mutant[] {
  return objects.flatMap((object) => {
    const operator = OPERATORS[object.kind]
    return operator === undefined ? [] : mutantsOf(object, operator(object.facts, objects, object))
  })
}
