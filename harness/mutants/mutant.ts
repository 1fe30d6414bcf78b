// A mutant: a defect that was generated and not written, so nobody knew the specs when it was made.
import type { Injection } from '../proof/fault.ts'

/** One object of the database, as `catalog.sql` returns it. */
export interface CatalogObject {
  kind: string
  name: string
  /** The table, function or role that it belongs to, or itself. */
  owner_object: string
  definition: string
  facts: Record<string, unknown>
}

export interface Mutant {
  /** The object, the operator and a number: `constraint c on s.t/number/2`. */
  id: string
  object: string
  ownerObject: string
  operator: string
  description: string
  injection: Injection
}

/** A defect that has no id yet. */
export type Draft = Pick<Mutant, 'operator' | 'description'> & { statements: string }

export function objectId({ kind, name }: Pick<CatalogObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

/** Gives each its id. Two with the same statements are one. */
export function mutantsOf(object: CatalogObject, drafts: Draft[]): Mutant[] {
  const id = objectId(object)
  const different = [...new Map(drafts.map((draft) => [draft.statements, draft])).values()]
  const counts = new Map<string, number>()
  return different.map(({ operator, description, statements }) => {
    const number = (counts.get(operator) ?? 0) + 1
    counts.set(operator, number)
    return {
      id: `${id}/${operator}/${number}`,
      object: id,
      ownerObject: object.owner_object,
      operator: `${object.kind}: ${operator}`,
      description,
      injection: { kind: 'sql', statements },
    }
  })
}
