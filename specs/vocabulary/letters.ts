// Letters and their cases, as Unicode has them, whatever Postgres knows of it.
import type { Session } from '../../harness/index.ts'

/** Each letter of the first two planes with another one that differs from it in case alone. */
export function casePairs(): [letter: string, other: string][] {
  const letters = Array.from({ length: 0x20000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
  return letters.flatMap((letter) =>
    [letter.toUpperCase(), letter.toLowerCase()]
      .filter((other) => other !== letter && [...other].length === 1)
      .map((other): [string, string] => [letter, other]),
  )
}

const BOTH_REGISTER = `
  create function public.both_register(one text, other text) returns boolean language plpgsql as $$ begin
    insert into auth.users (email, password_hash, date_of_birth)
      values (one || '@example.org', 'x', '1990-01-01'), (other || '@example.org', 'x', '1990-01-01');
    raise sqlstate 'UNDO0';
  exception when sqlstate 'UNDO0' then return true; when integrity_constraint_violation then return false; end $$`

/** Those of the pairs of which each makes an address of another user. */
export async function pairsOfTwoUsers(db: Session, pairs: [string, string][]): Promise<string[]> {
  await db.query(BOTH_REGISTER)
  return db.column(
    `select one || other from unnest($1::text[], $2::text[]) pair (one, other) where public.both_register(one, other)`,
    [pairs.map(([one]) => one), pairs.map(([, other]) => other)],
  )
}
