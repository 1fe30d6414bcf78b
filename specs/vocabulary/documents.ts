// Legal documents and their acceptances.
import type { Session } from '../../harness/index.ts'
import { errorOf } from './errors.ts'

export interface NewDocument {
  version?: string
  /** A Postgres expression of type timestamptz. */
  publishedAt?: string
}

/** Publishes a version of the terms as the owner of the schema; returns its id. */
export async function publishDocument(db: Session, document: NewDocument = {}): Promise<string> {
  const { version = '1', publishedAt = 'clock_timestamp()' } = document
  return db.value<string>(
    `insert into reference.legal_documents (name, version, content_sha256, published_at)
     values ('terms', $1, sha256(convert_to($1, 'UTF8')), ${publishedAt}) returning id`,
    [version],
  )
}

/** Records an acceptance as the application does. */
export async function acceptDocument(session: Session, user: string, document: string): Promise<void> {
  await session.query('insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)', [
    user,
    document,
  ])
}

/** Columns of a table that an update sets to their own value without an error; each is asked of the live catalog and tried. */
export async function columnsThatCanBeUpdated(db: Session, table: string): Promise<string[]> {
  const columns = await db.column(
    'select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped',
    [table],
  )
  const updated: string[] = []
  for (const column of columns) {
    const update = db.query(`update ${table} set ${column} = ${column}`)
    if ((await errorOf(update)) === null) updated.push(column)
  }
  return updated
}
