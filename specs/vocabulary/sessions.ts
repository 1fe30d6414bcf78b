// Sessions of users. The client keeps the token; the database gets its hash.
import { createHash } from 'node:crypto'
import type { Database, Session } from '../../harness/index.ts'

export interface NewSession {
  token?: string
  /** Postgres expressions of type timestamptz. */
  startedAt?: string
  /** May refer to `started_at`. */
  expiresAt?: string
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Inserts a session as the owner of the schema; returns its id. */
export async function insertSession(db: Session, user: string, session: NewSession = {}): Promise<string> {
  const {
    token = 'a token',
    startedAt = 'clock_timestamp()',
    expiresAt = `started_at + interval '1 hour'`,
  } = session
  return db.value<string>(
    `insert into auth.sessions (user_id, token_hash, started_at, expires_at)
     select $1, $2, started_at, ${expiresAt} from (select ${startedAt} as started_at) s returning id`,
    [user, hashOf(token)],
  )
}

/** Starts a session as the application does. */
export async function startSession(
  app: Session,
  user: string,
  token = 'a token',
  lifetime = '1 hour',
): Promise<string> {
  return app.value<string>('select auth.start_session($1, $2, $3)', [user, hashOf(token), lifetime])
}

/** Begins a transaction and identifies it with a token; returns the user whose token it is, or null. */
export async function beginWithToken(
  app: Session,
  token = 'a token',
  request: string | null = null,
): Promise<string | null> {
  await app.query('begin')
  return app.value<string | null>('select auth.identify($1, $2)', [hashOf(token), request])
}

/** Runs statements as the application does for a request: in one transaction that is identified with a token. */
export async function runWithToken(
  db: Database,
  token: string,
  statements: string,
  request: string | null = 'request 7',
): Promise<void> {
  const app = await db.as('hma_app')
  await beginWithToken(app, token, request)
  await app.query(statements)
  await app.query('commit')
}

export async function endSession(app: Session, token = 'a token'): Promise<boolean> {
  return app.value<boolean>('select auth.end_session($1)', [hashOf(token)])
}

/** A time zone whose clocks go forward ten days from now, so that the next thirty days are an hour short of 720 hours. */
export function timeZoneWithClockChangeSoon(db: Session): Promise<string> {
  return db.value<string>(
    `select format('AAA0BBB-1,J%s,J%s', 1 + (day + 9) % 365, 1 + (day + 189) % 365) from (select extract(doy from now())::int as day) d`,
  )
}
