// A person with all that hangs on a person, for specs that touch every table under audit.
import type { Database, Session } from '../../harness/index.ts'
import { insertUser } from './users.ts'

/** Opens a session for a user; returns the hash of its token, as hex. */
export function signIn(db: Session, userId: string): Promise<string> {
  return db.value(
    `insert into auth.sessions (user_id, token_hash, expires_at)
     values ($1, sha256(uuid_send(gen_random_uuid())), now() + interval '1 hour') returning encode(token_hash, 'hex')`,
    [userId],
  )
}

/** Publishes a document that can be accepted; returns its id. */
export function publishDocument(db: Session, version = '1'): Promise<string> {
  return db.value(
    `insert into reference.legal_documents (name, version, content_sha256) values ('terms', $1, sha256('')) returning id`,
    [version],
  )
}

export interface Account {
  user: string
  tokenHash: string
  document: string
}

/** A user with a session, who accepted a document. */
export async function createAccount(db: Session, email = 'ada@example.org'): Promise<Account> {
  const user = await insertUser(db, { email })
  const tokenHash = await signIn(db, user)
  const document = await publishDocument(db, email)
  await db.query('insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)', [user, document])
  return { user, tokenHash, document }
}

/** Runs a statement as the application does for a request: in a transaction that is identified with a session. */
export async function runWithSession(db: Database, tokenHash: string, statement: string): Promise<void> {
  const app = await db.as('hma_app')
  await app.query(`begin; select auth.identify(decode('${tokenHash}', 'hex'), 'request 7')`)
  await app.query(statement)
  await app.query('commit')
}
