// Statements that cannot run in a transaction, and how each is resumed after the runner was killed in the middle of it.
import type pg from 'pg'
import { answeredWithin } from '../../config/postgres.ts'
import { ATTEMPTS_FOR_MS } from './attempts.ts'
import { SCRIPT_ANSWER_MS } from './session.ts'

export interface Resumption {
  /** Removes what the killed attempt left. True when the statement need not run again. */
  resume(client: pg.Client): Promise<boolean>
  /** Removes what the failed attempt left. True when all is as before it. */
  undo(client: pg.Client): Promise<boolean>
  /** Name of the index that must be valid afterwards. */
  builds?: string
  /**
   * How long it is tried again while a lock is not to be had. Undefined where its wait holds up no other query, so that one attempt may wait
   * for long: the build and the drop of an index wait for transactions that began before, and queue for no lock of the table that a reader or
   * a writer conflicts with.
   */
  repeatsForMs?: number
}

type Parts = Record<string, string>
type ResumableForm = [pattern: string, toResumption: (parts: Parts) => Resumption]

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s."]+)`
const FULL_NAME = String.raw`${NAME}\.${NAME}`

/**
 * At first it waits for the transactions that use the parent, and then for the partition alone, which nobody else may touch meanwhile. An
 * attempt that ends between both has marked the partition, which no new query of the parent reads then, and the next one goes on from there.
 */
const DETACHES_FOR_MS = 30 * 60_000

const FORMS: ResumableForm[] = [
  [
    `create (?:unique )?index concurrently (?<index>${NAME}) on (?:only )?(?<schema>${NAME})\\.${NAME} .*`,
    ({ schema, index }) => ({
      resume: dropUnfinishedIndex(`${schema}.${index}`),
      undo: dropInvalidIndex(`${schema}.${index}`),
      builds: `${schema}.${index}`,
    }),
  ],
  [
    `drop index concurrently (?<index>${FULL_NAME})`,
    ({ index = '' }) => ({
      resume: async (client) => !(await exists(client, index)),
      undo: (client) => isValidIndex(client, index),
    }),
  ],
  [
    `alter table (?<parent>${FULL_NAME}) detach partition (?<child>${FULL_NAME}) concurrently`,
    ({ parent = '', child = '' }) => ({
      resume: async (client) => !(await finishDetaching(client, parent, child)),
      undo: async (client) => !(await isDetaching(client, parent, child)),
      repeatsForMs: DETACHES_FOR_MS,
    }),
  ],
  [
    `alter table (?<parent>${FULL_NAME}) attach partition (?<child>${FULL_NAME}) .*`,
    ({ parent = '', child = '' }) => ({
      resume: (client) => finishDetaching(client, parent, child),
      undo: async (client) => !(await isDetaching(client, parent, child)),
      repeatsForMs: ATTEMPTS_FOR_MS,
    }),
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
    if (await exists(client, name))
      await client.query(answeredWithin(SCRIPT_ANSWER_MS, `drop index concurrently ${name}`))
    return false
  }
}

/** A valid index with this name is not ours: because of it the build failed. */
function dropInvalidIndex(name: string): Resumption['undo'] {
  return async (client) => {
    const isOurs = (await exists(client, name)) && !(await isValidIndex(client, name))
    if (isOurs) await client.query(answeredWithin(SCRIPT_ANSWER_MS, `drop index concurrently ${name}`))
    return true
  }
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as found', [name])
  return rows[0].found
}

/** Finishes an interrupted detach. True when the child is still a partition of the parent. */
async function finishDetaching(client: pg.Client, parent: string, child: string): Promise<boolean> {
  const isPending = await isDetaching(client, parent, child)
  if (isPending !== true) return isPending === false
  await client.query(
    answeredWithin(SCRIPT_ANSWER_MS, `alter table ${parent} detach partition ${child} finalize`),
  )
  return false
}

/** Whether a detach has begun and not ended; undefined when the child is no partition of the parent. */
async function isDetaching(client: pg.Client, parent: string, child: string): Promise<boolean | undefined> {
  const { rows } = await client.query<{ inhdetachpending: boolean }>(
    'select inhdetachpending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)',
    [parent, child],
  )
  return rows[0]?.inhdetachpending
}

/** True when the index exists and is valid. */
export async function isValidIndex(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select indisvalid from pg_index where indexrelid = to_regclass($1)', [
    name,
  ])
  return rows[0]?.indisvalid ?? false
}
