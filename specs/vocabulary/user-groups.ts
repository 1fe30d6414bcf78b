// People in numbers, for figures about them. All of it is reckoned by the database.
import type { Database } from '../../harness/index.ts'

export interface UserGroup {
  /** How many people. */
  count: number
  /** A date; the day they registered and signed in. */
  on?: string
  /** Full years; two crowds of different bands never share one. */
  age?: number
  /** Sessions of each. */
  sessions?: number
  /** Name of the document version that each agrees to. */
  document?: string
}

/** Admits people who were born on different days, each with sessions and an acceptance. */
export async function insertUserGroup(db: Database, crowd: UserGroup): Promise<void> {
  const { count, on = '2026-03-15', age = 30, sessions = 1, document = 'terms' } = crowd
  await db.query(
    `with crowd as (
         insert into auth.users (email, password_hash, date_of_birth, registered_on)
         select format('person-%s@example.org', gen_random_uuid()), 'hash-' || gen_random_uuid(),
                (now() at time zone 'utc')::date - make_interval(years => $3, days => 30 + n), $2::date
           from generate_series(1, $1) n returning id
     ), signed_in as (
         insert into auth.sessions (user_id, token_hash, started_at, expires_at)
         select id, sha256(uuid_send(gen_random_uuid())), $2::date + time '12:00' at time zone 'utc', $2::date + time '13:00' at time zone 'utc'
           from crowd, generate_series(1, $4)
     ), published as (
         insert into reference.legal_documents (name, version, content_sha256) values ($5, '1', sha256('')) returning id
     )
     insert into auth.legal_acceptance (user_id, document_id) select crowd.id, published.id from crowd, published`,
    [count, on, age, sessions, document],
  )
}
