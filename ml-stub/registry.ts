// The model registry as this service reads it. Postgres gives each row the shape of the contract. What was registered a moment
// ago is in the next answer: each question goes to the database, which says in one statement whether a page that is kept
// here still holds, and if not gives the new one. Requests that ask the same at the same time share one question and its answer.
import { z } from 'zod'
import { Model, type ModelQuery } from './contract.ts'
import type { Database, Statement } from './database.ts'
import { Problem } from './problems.ts'
import { shareQuestions } from './sharing.ts'

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`
const MODEL = `json_build_object(
    'name', name, 'version', version, 'stage', stage, 'task', task, 'description', description,
    'artefact', json_build_object(
        'uri', artefact_uri, 'sha256', encode(artefact_sha256, 'hex'), 'sizeBytes', artefact_size),
    'registeredAt', to_char(created_at at time zone 'utc', ${TIME}),
    'updatedAt', to_char(updated_at at time zone 'utc', ${TIME}))`
/** 10.0.0 is newer than 9.0.0. */
const NUMBER = `string_to_array(version, '.')::int[]`
const VERSIONS_PER_CARD = 100

/** What was read, the same object for all whose question it answered. */
export interface Page {
  models: Model[]
  next: string | null
}

export interface Registry {
  /** One page, by name and then newest first; `next` is null on the last. Throws Problem for a cursor that is not ours. */
  page(query: ModelQuery): Promise<Page>
  /** Versions of one model, production first, then newest first. Empty for an unknown name. */
  versionsOf(name: string): Promise<Model[]>
}

/** Reads through `database`; every promise may be rejected with DatabaseTrouble. */
export function openRegistry(database: Database): Registry {
  const [sharePage, shareCard] = [shareQuestions<Page>(), shareQuestions<Model[]>()]
  const askPage = openPages(database)
  const askCard = async (name: string) => {
    const rows = await database.query(CARD, [name, VERSIONS_PER_CARD])
    return rows.map((row) => Model.parse((row as { model: unknown }).model))
  }
  return {
    async page({ limit, cursor, name, stage, task }) {
      const after = cursor === undefined ? undefined : readCursor(cursor)
      const asked = { limit, name, stage, task, after }
      const key = JSON.stringify(asked)
      return sharePage(key, () => askPage(key, asked))
    },
    versionsOf: (name) => shareCard(name, () => askCard(name)),
  }
}

type Asked = Omit<ModelQuery, 'cursor'> & { after: [name: string, version: string] | undefined }

/** Asks for pages, and keeps the last ones for when the database says that they still hold. */
function openPages(database: Database): (key: string, asked: Asked) => Promise<Page> {
  const kept = new Map<string, { mark: string; page: Page }>()
  return async (key, asked) => {
    const before = kept.get(key)
    const [row] = await database.query(statementOf(asked), valuesOf(asked, before?.mark))
    const { mark, models } = Renewal.parse(row)
    if (before !== undefined && models === null) return before.page
    const page = pageOf(models ?? [], asked.limit)
    kept.delete(key)
    kept.set(key, { mark, page })
    for (const oldest of kept.keys()) if (kept.size > KEPT_PAGES) kept.delete(oldest)
    return page
  }
}

/** Of 200 models each, described at length, they are some 7 MB. */
const KEPT_PAGES = 16

function pageOf(models: Model[], limit: number): Page {
  const last = models.length > limit ? models[limit - 1] : undefined
  return { models: models.slice(0, limit), next: last ? writeCursor(last) : null }
}

const Renewal = z.object({ mark: z.string(), models: z.array(Model).nullable() })

const CONDITIONS = {
  name: 'name = ?',
  stage: 'stage = ?',
  task: 'task = ?',
  after: `(name >= (?::text[])[1]
      and (name > (?::text[])[1] or ${NUMBER} < string_to_array((?::text[])[2], '.')::int[]))`,
}
const FILTERS = ['name', 'stage', 'task', 'after'] as const

/**
 * The page, unless the mark of its rows is the one given: then null. The mark is a hash over all that the rows say, and so
 * true whatever changed them: transactions that commit out of order, another server, a backup that was loaded. The word of
 * the stage is in it because it can be renamed without its rows. Two pages have one mark by chance once in 2^64.
 *
 * Only what is asked for stands in the text: with `$1 is null or …` Postgres made a new plan for each question.
 * Together 60 µs for 20 models, of which a question that asks nothing takes 35; it was 180.
 */
function statementOf(asked: Asked): Statement {
  const given = FILTERS.filter((filter) => asked[filter] !== undefined)
  const conditions = given.map((filter, i) => CONDITIONS[filter].replaceAll('?', `$${i + 3}`))
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''
  return {
    name: ['page', ...given].join(' '),
    text: `with page as materialized (
        select *, stage::text as word from ml.model ${where} order by name, ${NUMBER} desc limit $2
    ), now as (
        select coalesce(hash_array_extended(array_agg(hash_record_extended(page, 0)), 0), 0) as mark from page
    )
    select mark, case when mark is distinct from $1 then (
        select coalesce(json_agg(${MODEL}), '[]') from page
    ) end as models from now`,
  }
}

function valuesOf(asked: Asked, mark: string | undefined): unknown[] {
  return [
    mark,
    asked.limit + 1,
    ...FILTERS.map((filter) => asked[filter]).filter((value) => value !== undefined),
  ]
}

const CARD = {
  name: 'card',
  text: `select ${MODEL} as model from ml.model where name = $1
    order by stage = 'production' desc, ${NUMBER} desc limit $2`,
}

function writeCursor({ name, version }: Model): string {
  return Buffer.from(`${name} ${version}`).toString('base64url')
}

function readCursor(cursor: string): [string, string] {
  const [name = '', version = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const { success } = Model.pick({ name: true, version: true }).safeParse({ name, version })
  if (success && rest.length === 0) return [name, version]
  throw new Problem('invalid-input', 'Give what next of the page before said.', [
    { where: 'query.cursor', what: 'is not a cursor of this service' },
  ])
}
