// How faults change a function that is there: by its definition in the catalog, so that owner and grants stay.
import { sql } from '../../harness/setup.ts'

/** The statement that replaces each text in a function by the one after it. A text that is not there changes nothing. */
export function rewritten(signature: string, ...pairs: string[]): string {
  const definition = Array.from({ length: pairs.length / 2 }, (_, at) =>
    pairs.slice(2 * at, 2 * at + 2),
  ).reduce(
    (text, [find, replace]) => `replace(${text}, $find$${find}$find$, $new$${replace}$new$)`,
    `pg_get_functiondef('${signature}'::regprocedure)`,
  )
  return `do $plant$ begin execute ${definition}; end $plant$`
}

/** The same as a plant of its own. */
export function rewrite(signature: string, ...pairs: string[]): ReturnType<typeof sql> {
  return sql`${rewritten(signature, ...pairs)}`
}
