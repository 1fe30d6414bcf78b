// The model registry as this service reads it. Every request is one query, so a model that was just registered is in the next
// answer. Postgres gives each row the shape of the contract.
import type { Model, ModelPage, ModelQuery } from './contract.ts'
import type { Database } from './database.ts'
import { Problem } from './problems.ts'

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`
const MODEL = `json_build_object(
    'name', name, 'version', version, 'stage', stage, 'task', task, 'description', description,
    'artefact', json_build_object(
        'uri', artefact_uri, 'sha256', encode(artefact_sha256, 'hex'), 'sizeBytes', artefact_size),
    'registeredAt', to_char(created_at at time zone 'utc', ${TIME}),
    'updatedAt', to_char(updated_at at time zone 'utc', ${TIME})) as model`
/** 10.0.0 is newer than 9.0.0. */
const NUMBER = `string_to_array(version, '.')::int[]`
const MAX_VERSIONS = 100

const PAGE = `select ${MODEL} from ml.model
  where ($1::text is null or name = $1)
    and ($2::text is null or stage::text = $2)
    and ($3::text is null or task = $3)
    and ($4::text is null or name > $4 or (name = $4 and ${NUMBER} < string_to_array($5, '.')::int[]))
  order by name, ${NUMBER} desc limit $6`

const VERSIONS = `select ${MODEL} from ml.model where name = $1
  order by stage = 'production' desc, ${NUMBER} desc limit $2`

export type Registry = ReturnType<typeof openRegistry>

/** Reads through `database`; every promise may be rejected with QueryError. */
export function openRegistry(database: Database) {
  const readModels = async (text: string, values: unknown[]) => {
    const rows = await database.query<{ model: Model }>(text, values)
    return rows.map(({ model }) => model)
  }
  return {
    /** One page, by name and then newest first. Throws Problem for a cursor that this service did not issue. */
    async page({ limit, cursor, name, stage, task }: ModelQuery): Promise<ModelPage> {
      const after = cursor === undefined ? [undefined, undefined] : readCursor(cursor)
      // One more than the page holds says whether there is a next page.
      const models = await readModels(PAGE, [name, stage, task, ...after, limit + 1])
      const last = models.length > limit ? models[limit - 1] : undefined
      return { models: models.slice(0, limit), next: last ? writeCursor(last) : null }
    },
    /** Versions of one model, production first, then newest first. Empty for an unknown name. */
    versionsOf: (name: string) => readModels(VERSIONS, [name, MAX_VERSIONS]),
  }
}

function writeCursor({ name, version }: Model): string {
  return Buffer.from(`${name} ${version}`).toString('base64url')
}

function readCursor(cursor: string): string[] {
  const text = Buffer.from(cursor, 'base64url').toString()
  if (/^[a-z][a-z0-9-]{0,62} \d{1,9}(?:\.\d{1,9}){2}$/.test(text)) return text.split(' ')
  const errors = [{ where: 'query.cursor', what: 'is not a cursor of this service' }]
  throw new Problem('invalid-input', 'Use the value of `next` from the previous page.', { errors })
}
