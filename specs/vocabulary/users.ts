// Users. Dates are computed by the database, never by this machine's clock.
import type { Session } from '../../harness/index.ts'

export interface NewUser {
  email?: string
  /** A Postgres expression of type date; `today` is the current date in UTC. */
  birthDate?: string
  /** A Postgres expression of type date; today when left out. */
  registeredOn?: string
}

/** Inserts a user as the owner of the schema; returns the id. */
export async function insertUser(db: Session, user: NewUser = {}): Promise<string> {
  const { email = 'ada@example.org', birthDate = `today - interval '30 years'`, registeredOn } = user
  const column = registeredOn === undefined ? '' : ', registered_on'
  const value = registeredOn === undefined ? '' : `, ${asDate(registeredOn)}`
  return db.value<string>(
    `insert into auth.users (email, password_hash, date_of_birth${column})
     values ($1, 'x', ${asDate(birthDate)}${value}) returning id`,
    [email],
  )
}

/** Inserts one user for each birth date, in one statement. */
export async function insertUsers(db: Session, ...birthDates: string[]): Promise<void> {
  const rows = birthDates.map((date, index) => `('user${index}@example.org', 'x', ${asDate(date)})`)
  await db.query(`insert into auth.users (email, password_hash, date_of_birth) values ${rows.join(', ')}`)
}

/** Statements that change the birth date of Ada, the only user. */
export const CHANGES_OF_BIRTH: [how: string, change: (born: string) => string][] = [
  ['an update', (born) => `update auth.users set date_of_birth = date '${born}'`],
  [
    'an update with the registration date',
    (born) => `update auth.users set date_of_birth = date '${born}', registered_on = date '2026-01-01'`,
  ],
  [
    'an upsert',
    (born) => `insert into auth.users (email, password_hash, date_of_birth)
      values ('ada@example.org', 'x', date '${born}')
      on conflict (lower(email)) do update set date_of_birth = excluded.date_of_birth`,
  ],
  [
    'a merge',
    (born) => `merge into auth.users u using (select date '${born}' as born) n on u.email = 'ada@example.org'
      when matched then update set date_of_birth = n.born`,
  ],
]

const REGISTERS = `
  create function public.registers(born date, day date) returns boolean language plpgsql as $$ begin
    insert into auth.users (email, password_hash, date_of_birth, registered_on) values ('ada@example.org', 'x', born, day);
    raise sqlstate 'UNDO0';
  exception when sqlstate 'UNDO0' then return true; when check_violation then return false; end $$`

/** Birth dates in these years for which the age boundary is wrong: registration fails on the 18th birthday, or succeeds the day before. */
export async function birthsWithAnotherBoundary(
  db: Session,
  years: [first: number, last: number],
): Promise<string[]> {
  await db.query(REGISTERS)
  return db.column(
    `select born::text
       from generate_series(make_date($1, 1, 1), make_date($2, 12, 31), '1 day') n, lateral (select n::date as born) b,
            lateral (select case to_char(born, 'MMDD') when '0229' then born + interval '18 years 1 day'
                            else born + interval '18 years' end::date as birthday) d
      where not public.registers(born, birthday) or public.registers(born, birthday - 1)`,
    years,
  )
}

/** Drops a constraint and adds it again, which checks every row: a restore does the same. */
export async function revalidateConstraint(db: Session, table: string, name: string): Promise<void> {
  const definition = await db.value<string>(
    `select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::regclass and conname = $2`,
    [table, name],
  )
  await db.query(
    `alter table ${table} drop constraint ${name}; alter table ${table} add constraint ${name} ${definition}`,
  )
}

/** Columns that a check of a table refers to. */
export function columnsOfRule(db: Session, table: string, name: string): Promise<string[]> {
  return db.column(
    `select a.attname from pg_constraint k, unnest(k.conkey) n join pg_attribute a on a.attnum = n
      where k.conrelid = $1::regclass and a.attrelid = k.conrelid and k.conname = $2 order by 1`,
    [table, name],
  )
}

/** An expression of type date in which `today` is the current date in UTC. */
export function asDate(expression: string): string {
  return `(${expression.replaceAll('today', `(now() at time zone 'utc')::date`)})::date`
}
