// The model registry as this service reads it. Postgres gives each row the shape of the contract; nothing is kept
// between requests, so what was registered a moment ago is in the next answer. Requests that ask the same at the same time share
// one question and its answer.
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
    'updatedAt', to_char(updated_at at time zone 'utc', ${TIME})) as model`
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
  const ask = async (statement: Statement, values: unknown[]) =>
    (await database.query(statement, values)).map((row) => Model.parse((row as { model: unknown }).model))
  const [sharePage, shareCard] = [shareQuestions<Page>(), shareQuestions<Model[]>()]
  return {
    async page(query) {
      const { limit, cursor, name, stage, task } = query
      const after = cursor === undefined ? [null, null] : readCursor(cursor)
      const values = [name, stage, task, ...after, limit + 1]
      return sharePage(JSON.stringify(values), async () => pageOf(await ask(PAGE, values), limit))
    },
    versionsOf: (name) => shareCard(name, () => ask(CARD, [name, VERSIONS_PER_CARD])),
  }
}

function pageOf(models: Model[], limit: number): Page {
  const last = models.length > limit ? models[limit - 1] : undefined
  return { models: models.slice(0, limit), next: last ? writeCursor(last) : null }
}

const PAGE = {
  name: 'page',
  text: `select ${MODEL} from ml.model
    where ($1::text is null or name = $1)
      and ($2::ml.stage is null or stage = $2)
      and ($3::text is null or task = $3)
      and ($4::text is null or (name >= $4 and (name > $4 or ${NUMBER} < string_to_array($5, '.')::int[])))
    order by name, ${NUMBER} desc limit $6`,
}

const CARD = {
  name: 'card',
  text: `select ${MODEL} from ml.model where name = $1
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
