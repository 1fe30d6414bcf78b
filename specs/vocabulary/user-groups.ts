// Groups of users, for aggregates over them. Dates are computed by the database.
import type { Database } from '../../harness/index.ts'

export interface UserGroup {
  /** Number of users. */
  count: number
  /** The day of registration and of the sessions. */
  on?: string
  /** In full years. */
  age?: number
  /** Number of sessions of each user. */
  sessions?: number
  /** Name of the document that each user accepts. */
  document?: string
}

/** Inserts users with different birth dates, each with sessions and an acceptance. */
export async function insertUserGroup(db: Database, group: UserGroup): Promise<void> {
  const { count, on = '2026-03-15', age = 30, sessions = 1, document = 'terms' } = group
  await db.query(
    `with users as (
         insert into auth.users (email, password_hash, date_of_birth, registered_on)
         select format('user-%s@example.org', gen_random_uuid()), 'hash-' || gen_random_uuid(),
                (now() at time zone 'utc')::date - make_interval(years => $3, days => 30 + n), $2::date
           from generate_series(1, $1) n returning id
     ), sessions as (
         insert into auth.sessions (user_id, token_hash, started_at, expires_at)
         select id, sha256(uuid_send(gen_random_uuid())), $2::date + time '12:00' at time zone 'utc', $2::date + time '13:00' at time zone 'utc'
           from users, generate_series(1, $4)
     ), published as (
         insert into reference.legal_documents (name, version, content_sha256, published_at) values ($5, $2, sha256(''), $2::date at time zone 'utc')
         on conflict (name, version) do update set version = excluded.version returning id
     )
     insert into auth.legal_acceptance (user_id, document_id, accepted_at)
     select users.id, published.id, $2::date + time '12:00' at time zone 'utc' from users, published`,
    [count, on, age, sessions, document],
  )
}

/** A day in UTC, so many days after the current one. */
export function today(db: Database, after = 0): Promise<string> {
  return db.value(`select ((now() at time zone 'utc')::date + $1::int)::text`, [after])
}
