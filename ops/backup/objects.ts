// Whether the rows that name objects of the application's bucket and the objects in it agree.
import type pg from 'pg'
import type { Manifest } from './manifest.ts'

export interface ObjectReport {
  /** `ml.model NAME VERSION: s3://…`, for rows whose object was not in the bucket at the backup. */
  rowsWithoutObject: string[]
  /** Keys that no row names. */
  objectsWithoutRow: string[]
}

/** The smoke test's own object. */
const NOT_NAMED_BY_ROWS = /^smoke\//

/** Of a restored database and the list of objects that was made with its backup; null where the backup lists none. */
export async function compareObjects(client: pg.Client, { objects }: Manifest): Promise<ObjectReport | null> {
  if (objects === null) return null
  const keys = objects.versions.filter(({ isLatest }) => isLatest).map(({ key }) => key)
  const { rows } = await client.query<{ row: string; key: string }>(
    `select format('ml.model %s %s: %s', name, version, artefact_uri) as row, substr(artefact_uri, length($1) + 1) as key
       from ml.model where starts_with(artefact_uri, $1) order by 1`,
    [`s3://${objects.bucket}/`],
  )
  const named = new Set(rows.map(({ key }) => key))
  return {
    rowsWithoutObject: rows.filter(({ key }) => !keys.includes(key)).map(({ row }) => row),
    objectsWithoutRow: keys.filter((key) => !named.has(key) && !NOT_NAMED_BY_ROWS.test(key)),
  }
}
