// The verbs specs use for people. Dates are reckoned by the database, never by this machine's clock.
import type { Session } from '../../harness/index.ts'

export interface Person {
  email?: string
  /** A Postgres expression of type date; `today` is the current date in UTC. */
  born?: string
  /** A Postgres expression of type date; the registration date if another than today. */
  registered?: string
}

const today = `(now() at time zone 'utc')::date`

/** Writes a user as the owner of the schema would, and returns the new id. */
export async function admit(db: Session, person: Person = {}): Promise<string> {
  const { email = 'ada@example.org', born = `today - interval '30 years'`, registered } = person
  const columns = registered === undefined ? '' : ', registered_on'
  const values = registered === undefined ? '' : `, (${asDate(registered)})`
  return db.value<string>(
    `insert into auth.users (email, password_hash, date_of_birth${columns})
     values ($1, 'x', (${asDate(born)})${values}) returning id`,
    [email],
  )
}

/** Writes several users in one statement. */
export async function admitTogether(db: Session, ...births: string[]): Promise<void> {
  const rows = births.map((born, index) => `('person${index}@example.org', 'x', ${asDate(born)})`)
  await db.query(`insert into auth.users (email, password_hash, date_of_birth) values ${rows.join(', ')}`)
}

/** Changes a birth date after the fact. */
export async function amendBirth(db: Session, id: string, born: string): Promise<void> {
  await db.query(`update auth.users set date_of_birth = (${asDate(born)}) where id = $1`, [id])
}

/** Drops a rule and adds it as it was, which reads every row again: what a restore does. */
export async function reread(db: Session, table: string, rule: string): Promise<void> {
  const definition = await db.value<string>(
    `select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::regclass and conname = $2`,
    [table, rule],
  )
  await db.query(
    `alter table ${table} drop constraint ${rule}; alter table ${table} add constraint ${rule} ${definition}`,
  )
}

/** An expression of type date in which `today` is the current date in UTC. */
export function asDate(expression: string): string {
  return `(${expression.replaceAll('today', today)})::date`
}
