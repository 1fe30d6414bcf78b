// The verbs specs use for legal documents and who agreed to them.
import type { Session } from '../../harness/index.ts'

export interface DocumentPlan {
  name?: string
  version?: string
  /** A Postgres expression of type timestamptz. */
  published?: string
}

/** Publishes a version as the owner of the schema would, and returns its id. */
export async function publish(db: Session, plan: DocumentPlan = {}): Promise<string> {
  const { name = 'house-rules', version = '1', published = 'clock_timestamp()' } = plan
  return db.value<string>(
    `insert into reference.legal_documents (name, version, content_sha256, published_at)
     values ($1, $2, sha256(convert_to($1 || $2, 'UTF8')), ${published}) returning id`,
    [name, version],
  )
}

/** Records that a user agreed, as the application does. */
export async function accept(session: Session, user: string, document: string): Promise<void> {
  await session.query('insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)', [
    user,
    document,
  ])
}
