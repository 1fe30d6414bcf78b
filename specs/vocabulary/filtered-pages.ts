// Every filter of /models and every two or three of them together, page by page.
import { keysOf, type Ml } from './ml.ts'

interface Listed {
  name: string
  version: string
  stage: string
  task: string
}

const listed = (name: string, version: string, stage: string, task: string): Listed => ({
  ...{ name, version, stage, task },
})

/** As /models lists them. Each model has older versions of another stage and task than its newest one. */
export const LISTED = [
  listed('embedding', '2.0.0', 'staging', 'text'),
  listed('embedding', '1.0.0', 'archived', 'image'),
  listed('moderation', '10.0.0', 'staging', 'text'),
  listed('moderation', '9.0.0', 'production', 'image'),
  listed('moderation', '8.0.0', 'archived', 'text'),
  listed('moderation', '7.0.0', 'staging', 'image'),
  listed('ranking', '2.0.0', 'production', 'text'),
  listed('ranking', '1.0.0', 'staging', 'text'),
]

const LIMITS = [1, 2]
const FILTERS = ['name', 'stage', 'task'] as const
type Filter = Partial<Record<(typeof FILTERS)[number], string>>

/** No filter, each value of each filter, and each of these with those of the others. */
const COMBINATIONS = FILTERS.reduce<Filter[]>(
  (found, key) => {
    const values = [...new Set(LISTED.map((version) => version[key]))]
    return found.flatMap((filter) => [filter, ...values.map((value) => ({ ...filter, [key]: value }))])
  },
  [{}],
)

const QUERIES = LIMITS.flatMap((limit) => COMBINATIONS.map((filter) => ({ limit, filter })))

function pathOf(limit: number, filter: Filter): string {
  return `/models?${new URLSearchParams({ limit: String(limit), ...filter })}`
}

/** By path of the first page: the pages that each query must have. */
export function expectedPages(): Record<string, string[][]> {
  return Object.fromEntries(QUERIES.map(({ limit, filter }) => [pathOf(limit, filter), pages(limit, filter)]))
}

/** A query that selects nothing has one page, which is empty. */
function pages(limit: number, filter: Filter): string[][] {
  const keys = LISTED.filter((version) =>
    FILTERS.every((key) => (filter[key] ?? version[key]) === version[key]),
  ).map(({ name, version }) => `${name} ${version}`)
  const starts = keys.map((_, at) => at).filter((at) => at % limit === 0)
  return keys.length === 0 ? [[]] : starts.map((at) => keys.slice(at, at + limit))
}

/** By path of the first page: the pages that each query has. */
export async function servedPages(ml: Ml): Promise<Record<string, unknown[]>> {
  const served: Record<string, unknown[]> = {}
  for (const { limit, filter } of QUERIES) {
    const path = pathOf(limit, filter)
    served[path] = await walk(ml, path)
  }
  return served
}

/** Follows `next` to the last page; a listing without an end is given up when it has more pages than there are versions. */
async function walk(ml: Ml, path: string): Promise<unknown[]> {
  const found: unknown[] = []
  let cursor = ''
  do {
    const page = await ml.ask(path + cursor)
    found.push(keysOf(page))
    cursor = typeof page.body.next === 'string' ? `&cursor=${page.body.next}` : ''
  } while (cursor !== '' && found.length <= LISTED.length)
  return found
}
