// A sample of each operator, the same on every run of the same schema.
import { createHash } from 'node:crypto'
import type { Mutant } from './mutant.ts'

/** At most so many of each operator. */
export function sample(mutants: Mutant[], perOperator: number): Mutant[] {
  return [...Map.groupBy(mutants, ({ operator }) => operator).values()].flatMap((own) =>
    own
      .map((mutant) => ({ mutant, rank: createHash('sha256').update(mutant.id).digest('hex') }))
      .sort((a, b) => a.rank.localeCompare(b.rank))
      .slice(0, perOperator)
      .map(({ mutant }) => mutant),
  )
}
