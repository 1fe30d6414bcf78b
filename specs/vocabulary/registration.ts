// Registration as the application uses it: one function that returns an answer instead of an error.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type pg from 'pg'
import { type Database, expect, openBoundedClient, type Session } from '../../harness/index.ts'
import { asDate } from './users.ts'

export interface Attempt {
  email?: string | null
  passwordHash?: string | null
  /** A Postgres expression of type date; `today` is the current date in UTC. */
  born?: string
  request?: string | null
}

/** A birth date of somebody under 18, as SQL. */
export const UNDERAGE = `(today - interval '18 years')::date + 1`

/** Rules other than that of the age, with an attempt that breaks them. */
export const REJECTED = [
  ['users_have_an_email', { email: 'mia' }],
  ['emails_have_one_spelling', { email: 'm\u0131a@example.org' }],
  ['users_have_a_password', { passwordHash: '' }],
  ['users_are_of_an_age', { born: `date '1850-01-01'` }],
  ['users_are_complete', { email: null }],
  ['users_are_complete', { passwordHash: null }],
  ['users_are_complete', { born: 'null' }],
] as const

/** What a person may type in place of a birth date; Postgres takes some of it for a date. */
export const BAD_DATES = [
  '19/02/2013',
  '2013-02-30',
  '2013-13-01',
  '0000-01-01',
  '2013-2-19',
  '20130219',
  '19.02.2013',
  'Feb 19 2013',
  '2013-02-19 12:00',
  ' 2013-02-19',
  '2013-02-19\n',
  '2013-02-19 BC',
  '٢٠١٣-٠٢-١٩',
  'infinity',
  'today',
  '',
]

const textOf = (born: string) => `select auth.register($1, $2, ${asDate(born)}::text, $3)`

function valuesOf({
  email = 'mia@example.org',
  passwordHash = 'x',
  request = 'request 1',
}: Attempt): unknown[] {
  return [email, passwordHash, request]
}

/** The answer to the application. */
export function register(app: Session, attempt: Attempt = {}): Promise<string> {
  return app.value<string>(textOf(attempt.born ?? `today - interval '30 years'`), valuesOf(attempt))
}

/** Registers with the birth date as a parameter, as an application should; so the statement's text does not contain it. */
export function registerBorn(app: Session, born: string, attempt: Attempt = {}): Promise<string> {
  const [email, passwordHash, request] = valuesOf(attempt)
  return app.value<string>('select auth.register($1, $2, $3, $4)', [email, passwordHash, born, request])
}

export interface Attempted {
  action: string
  request_id: string | null
  details: { rule: string; attempt: string }
}

/** The audit log's records of attempts that were not accepted, in order. */
export function attemptsIn(db: Session): Promise<Attempted[]> {
  return db.query<Attempted>(
    `select action, request_id, details from audit.audit_log where entity = 'auth.register' order by id`,
  )
}

/** The same in kinds: what they name but the action, and the keys of their details. */
export function kindsOfRecords(db: Session): Promise<unknown[]> {
  return db.query(
    `select action, entity, nullif(concat(entity_id, actor_id), '') as names, keys, count(*)::int
       from audit.audit_log, lateral (select string_agg(key, ' ' order by key) as keys from jsonb_object_keys(details) key) k
      where action like 'registration%' group by 1, 2, 3, 4 order by 1`,
  )
}

/** The keyed hashes that were recorded, in order. */
export async function hashesIn(db: Session): Promise<string[]> {
  return (await attemptsIn(db)).map(({ details }) => details.attempt)
}

/** Registers once for each birth date, in one statement; returns the answers. */
export function registerEach(app: Session, births: string[]): Promise<string[]> {
  return app.column(`select auth.register('mia@example.org', 'x', born) from unnest($1::text[]) born`, [
    births,
  ])
}

/** Birth dates as the application sends them: the first, the last, and those between in these steps. */
export function birthsBetween(db: Session, first: string, last: string, step: string): Promise<string[]> {
  const [from, to] = [`${asDate(first)}::timestamp`, `${asDate(last)}::timestamp`]
  return db.column(
    `select to_char(born, 'YYYY-MM-DD') as born
       from (select ${to} as born union select generate_series(${from}, ${to}, interval '${step}')) b
      order by 1`,
  )
}

/** Texts that hold `secret` among other characters, the same in each run. */
export function textsAround(secret: string): string[] {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((part) => !part.includes('\0'))
  const around = fc.tuple(text, text).map(([before, after]) => `${before}${secret}${after}`)
  return fc.sample(around, { seed: 1, numRuns: 300 })
}

/** Everything the server sends in answer to an attempt. */
export async function serverAnswer(db: Database, attempt: Attempt): Promise<unknown> {
  await using client = await connectAsApplication(db)
  const notices: unknown[] = []
  client.on('notice', (notice) => notices.push(notice.message))
  const text = textOf(attempt.born ?? `today - interval '30 years'`)
  const { rows, rowCount, command } = await client.query(text, valuesOf(attempt))
  return { rows, rowCount, command, notices }
}

/** Registers and destroys the socket as soon as the answer arrives. */
export async function registerAndDisconnect(db: Database, attempt: Attempt): Promise<void> {
  const client = await connectAsApplication(db)
  const { connection } = client as unknown as { connection: pg.Connection }
  const answered = new Promise<void>((resolve) => {
    const vanish = () => {
      connection.stream.destroy()
      resolve()
    }
    connection.once('dataRow', vanish).once('errorMessage', vanish)
  })
  client.query(textOf(attempt.born ?? UNDERAGE), valuesOf(attempt)).catch(() => {})
  await answered
}

async function connectAsApplication(db: Database): Promise<pg.Client & AsyncDisposable> {
  const { hostname: host, port } = new URL(db.url)
  const client = await openBoundedClient({
    host,
    port: Number(port),
    user: 'hma_app',
    password: db.passwords.hma_app ?? '',
    database: db.name,
  })
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** The server's log up to now: it writes a marker and waits until the log contains it. */
export async function logUpToNow(db: Session, serverLog: () => Promise<string>): Promise<string> {
  const line = `spec ${randomUUID()}`
  await db.query(`do $$ begin raise log '${line}'; end $$`)
  await expect.poll(serverLog, { timeout: 10_000, interval: 50 }).toContain(line)
  return serverLog()
}

/** Every field of an error that a client receives, and notices, as one text. */
export async function errorText(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    (answer) => JSON.stringify(answer),
    (error: Error) => JSON.stringify({ ...error, message: error.message }),
  )
}

/** Drops the leaf of this month. */
export function dropThisMonth(db: Session): Promise<void> {
  return atThisMonth(db, 'drop table audit.%1$I')
}

/** Gives the leaf of this month the bounds of another one, so that Postgres refuses each row with a check that has no name. */
export function moveThisMonth(db: Session): Promise<void> {
  const elsewhere = `values from (''2199-01-01 00:00Z'') to (''2199-02-01 00:00Z'')`
  return atThisMonth(
    db,
    `drop table audit.%1$I; create table audit.%1$I partition of audit.audit_log for ${elsewhere}`,
  )
}

/** Without event triggers, because the audit records its own repair and could not. */
async function atThisMonth(db: Session, statements: string): Promise<void> {
  await db.query(`set event_triggers = off;
    do $$ begin execute format('${statements}', audit.leaf_of(clock_timestamp())); end $$;
    reset event_triggers`)
}

/** From now on the server logs each statement of the application on this database. */
export async function logAllStatements(db: Database): Promise<void> {
  await db.query(`alter role hma_app in database ${db.name} set log_statement = 'all'`)
}
