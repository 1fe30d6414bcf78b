// A user with a row in every table under audit.
import type { Session } from '../../harness/index.ts'
import { acceptDocument, publishDocument } from './documents.ts'
import { insertSession } from './sessions.ts'
import { insertUser } from './users.ts'

export interface Account {
  user: string
  token: string
  document: string
}

/** Inserts a user with a session, who accepted a document of its own. */
export async function createAccount(db: Session, email = 'ada@example.org'): Promise<Account> {
  const token = `token of ${email}`
  const user = await insertUser(db, { email })
  const document = await publishDocument(db, { version: email })
  await insertSession(db, user, { token })
  await acceptDocument(db, user, document)
  return { user, token, document }
}
