// The verbs specs use for people. Dates are reckoned by the database, never by this machine's clock.
import type { Session } from '../../harness/index.ts'

export interface NewUser {
  email?: string
  /** A Postgres expression of type date; `today` is the current date in UTC. */
  birthDate?: string
  /** A Postgres expression of type date; the registration date if another than today. */
  registeredOn?: string
}

const today = `(now() at time zone 'utc')::date`

/** Writes a user as the owner of the schema would, and returns the new id. */
export async function insertUser(db: Session, person: NewUser = {}): Promise<string> {
  const { email = 'ada@example.org', birthDate = `today - interval '30 years'`, registeredOn } = person
  const columns = registeredOn === undefined ? '' : ', registered_on'
  const values = registeredOn === undefined ? '' : `, (${asDate(registeredOn)})`
  return db.value<string>(
    `insert into auth.users (email, password_hash, date_of_birth${columns})
     values ($1, 'x', (${asDate(birthDate)})${values}) returning id`,
    [email],
  )
}

/** Writes several users in one statement. */
export async function insertUsers(db: Session, ...births: string[]): Promise<void> {
  const rows = births.map((birthDate, index) => `('person${index}@example.org', 'x', ${asDate(birthDate)})`)
  await db.query(`insert into auth.users (email, password_hash, date_of_birth) values ${rows.join(', ')}`)
}

/** Changes a birth date after the fact. */
export async function updateBirthDate(db: Session, id: string, birthDate: string): Promise<void> {
  await db.query(`update auth.users set date_of_birth = (${asDate(birthDate)}) where id = $1`, [id])
}

/** Drops a rule and adds it as it was, which reads every row again: what a restore does. */
export async function revalidateConstraint(db: Session, table: string, rule: string): Promise<void> {
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
