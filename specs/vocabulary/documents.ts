// Legal documents and their acceptances.
import type { Session } from '../../harness/index.ts'

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
