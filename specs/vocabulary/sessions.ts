// The verbs specs use for sessions. The token stays here, as it stays with a client; the database gets its hash.
import { createHash } from 'node:crypto'
import type { Session } from '../../harness/index.ts'

export interface SessionPlan {
  token?: string
  /** Postgres expressions of type timestamptz. */
  started?: string
  expires?: string
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Writes a session as the owner of the schema would, and returns its id. `started` may be used in `expires`. */
export async function openSession(db: Session, user: string, plan: SessionPlan = {}): Promise<string> {
  const { token = 'a token', started = 'clock_timestamp()', expires = `started + interval '1 hour'` } = plan
  return db.value<string>(
    `insert into auth.sessions (user_id, token_hash, started_at, expires_at)
     select $1, $2, started, ${expires} from (select ${started} as started) s returning id`,
    [user, hashOf(token)],
  )
}

/** Opens a session as the application does. */
export async function startSession(
  app: Session,
  user: string,
  token = 'a token',
  lifetime = '1 hour',
): Promise<string> {
  return app.value<string>('select auth.start_session($1, $2, $3)', [user, hashOf(token), lifetime])
}

/** Begins a transaction that acts for whoever holds the token; returns whose it is, or null. */
export async function beginAs(
  app: Session,
  token = 'a token',
  request: string | null = null,
): Promise<string | null> {
  await app.query('begin')
  return app.value<string | null>('select auth.identify($1, $2)', [hashOf(token), request])
}

export async function endSession(app: Session, token = 'a token'): Promise<boolean> {
  return app.value<boolean>('select auth.end_session($1)', [hashOf(token)])
}

/** A time zone whose clocks go forward ten days from now, so that thirty days from now are an hour short. */
export function zoneThatChangesSoon(db: Session): Promise<string> {
  return db.value<string>(
    `select format('AAA0BBB-1,J%s,J%s', 1 + (day + 9) % 365, 1 + (day + 189) % 365) from (select extract(doy from now())::int as day) d`,
  )
}
