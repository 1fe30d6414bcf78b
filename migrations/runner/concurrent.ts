// Statements that cannot run in a transaction, and how each is taken up again when a runner was killed in the middle.
import type pg from 'pg'

export interface Resumption {
  /** Removes what the killed attempt left. True when there is nothing left to run. */
  resume(client: pg.Client): Promise<boolean>
  /** Name of an index that must be valid afterwards. */
  builds?: string
}

type Parts = Record<string, string>
type Form = [pattern: string, toResumption: (parts: Parts) => Resumption]

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s."]+)`
const FULL_NAME = String.raw`${NAME}\.${NAME}`

const FORMS: Form[] = [
  [
    `create (?:unique )?index concurrently (?<index>${NAME}) on (?:only )?(?<schema>${NAME})\\.${NAME} .*`,
    ({ schema, index }) => ({
      resume: dropLeftIndex(`${schema}.${index}`),
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

/** How to take up this statement again, or null when nobody knows. */
export function resumptionOf(statement: string): Resumption | null {
  const text = statement.replaceAll(' . ', '.')
  for (const [pattern, toResumption] of FORMS) {
    const parts = new RegExp(`^${pattern}$`, 's').exec(text)?.groups
    if (parts) return toResumption(parts)
  }
  return null
}

/** An index that a killed build left is there and never used. Even a whole one is built anew: the file may have changed. */
function dropLeftIndex(name: string): Resumption['resume'] {
  return async (client) => {
    if (await exists(client, name)) await client.query(`drop index concurrently ${name}`)
    return false
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [name])
  return rows[0].there
}

/** Ends a detach that was cut short. True when the child is a partition of the parent, now that this is done. */
async function finishDetaching(client: pg.Client, parent: string, child: string): Promise<boolean> {
  const { rows } = await client.query<{ inhdetachpending: boolean }>(
    'select inhdetachpending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)',
    [parent, child],
  )
  if (rows[0]?.inhdetachpending !== true) return rows.length > 0
  await client.query(`alter table ${parent} detach partition ${child} finalize`)
  return false
}

/** True when the index is there and may be used. */
export async function isValidIndex(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [
    name,
  ])
  return rows[0]?.indisvalid ?? false
}
