// The opt-in to row security.
import type { Database, Session } from '../../harness/index.ts'
import { hashOf, publish } from './row-security.ts'

/** Tables of schema auth where row security is not enabled or not forced. */
export function tablesWithoutForcedRowSecurity(db: Session): Promise<string[]> {
  return db.column(
    `select oid::regclass::text as name from pg_class
      where relnamespace = 'auth'::regnamespace and relkind in ('r', 'p', 'm', 'f') and not (relrowsecurity and relforcerowsecurity)
      order by 1`,
  )
}

/** Tables of any schema with row security enabled or forced. */
export function tablesWithRowSecurity(db: Session): Promise<string[]> {
  return db.column(
    `select oid::regclass::text as name from pg_class where relrowsecurity or relforcerowsecurity order by 1`,
  )
}

export interface ApplicationRun {
  registered: string
  isIdentified: boolean
  sessions: number
  accepted: number
  ended: boolean
}

/** Everything the application does for a user, from registration to signing out. */
export async function useWholeApplication(db: Database): Promise<ApplicationRun> {
  const document = await publish(db, 'terms')
  const app = await db.as('hma_app')
  const token = hashOf('ada')
  const registered = await app.value<string>(`select auth.register('ada@example.org', 'x', '1990-01-01')`)
  const [ada] = await app.query<{ user_id: string }>(`select * from auth.find_credentials('ada@example.org')`)
  await app.query('select auth.start_session($1, $2)', [ada?.user_id, token])
  await app.query('begin')
  const isIdentified = (await app.value('select auth.identify($1)', [token])) === ada?.user_id
  const sessions = await app.count('auth.sessions')
  await app.query('insert into auth.legal_acceptance (user_id, document_id) values ($1, $2)', [
    ada?.user_id,
    document,
  ])
  const accepted = await app.count('auth.legal_acceptance')
  await app.query('commit')
  return {
    registered,
    isIdentified,
    sessions,
    accepted,
    ended: await app.value<boolean>('select auth.end_session($1)', [token]),
  }
}
