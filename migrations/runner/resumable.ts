// Statements that cannot run in a transaction, and how each is resumed after the runner was killed in the middle of it.
import type pg from 'pg'

export interface Resumption {
  /** Removes what the killed attempt left. True when the statement need not run again. */
  resume(client: pg.Client): Promise<boolean>
  /** Name of the index that must be valid afterwards. */
  builds?: string
}

type Parts = Record<string, string>
type ResumableForm = [pattern: string, toResumption: (parts: Parts) => Resumption]

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s."]+)`
const FULL_NAME = String.raw`${NAME}\.${NAME}`

const FORMS: ResumableForm[] = [
  [
    `create (?:unique )?index concurrently (?<index>${NAME}) on (?:only )?(?<schema>${NAME})\\.${NAME} .*`,
    ({ schema, index }) => ({
      resume: dropUnfinishedIndex(`${schema}.${index}`),
      builds: `${schema}.${index}`,
    }),
  ],
  [
    `drop index concurrently (?<index>${FULL_NAME})`,
    ({ index = '' }) => ({ resume: async (client) => !(await exists(client, index)) }),
  ],
  [
    `alter table (?<parent>${FULL_NAME}) detach partition (?<child>${FULL_NAME}) concurrently`,
    ({ parent = '', child = '' }) => ({
      resume: async (client) => !(await finishDetaching(client, parent, child)),
    }),
  ],
  [
    `alter table (?<parent>${FULL_NAME}) attach partition (?<child>${FULL_NAME}) .*`,
    ({ parent = '', child = '' }) => ({ resume: (client) => finishDetaching(client, parent, child) }),
  ],
]

/** How to resume this statement; null for a statement that cannot be resumed. */
export function resumptionOf(statement: string): Resumption | null {
  const text = statement.replaceAll(' . ', '.')
  for (const [pattern, toResumption] of FORMS) {
    const parts = new RegExp(`^${pattern}$`, 's').exec(text)?.groups
    if (parts) return toResumption(parts)
  }
  return null
}

/** A killed build leaves an index that is never used. Even a valid index is built again: the file may have changed. */
function dropUnfinishedIndex(name: string): Resumption['resume'] {
  return async (client) => {
    if (await exists(client, name)) await client.query(`drop index concurrently ${name}`)
    return false
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as found', [name])
  return rows[0].found
}

/** Finishes an interrupted detach. True when the child is still a partition of the parent. */
async function finishDetaching(client: pg.Client, parent: string, child: string): Promise<boolean> {
  const { rows } = await client.query<{ inhdetachpending: boolean }>(
    'select inhdetachpending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)',
    [parent, child],
  )
  if (rows[0]?.inhdetachpending !== true) return rows.length > 0
  await client.query(`alter table ${parent} detach partition ${child} finalize`)
  return false
}

/** True when the index exists and is valid. */
export async function isValidIndex(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [
    name,
  ])
  return rows[0]?.indisvalid ?? false
}
