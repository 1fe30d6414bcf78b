// Statements that a role may be denied. Only SQLSTATE 42501 is a denial; a statement that fails for another reason proves
// nothing about privileges and is reported with its SQLSTATE.
import type { Database, Session } from '../../harness/index.ts'

export interface Attempt {
  /** The cell of the matrix that is attempted, or the statement. */
  cell: string
  /** Succeeds only with the privilege. */
  statement: string
  /** SQLSTATEs that a role with the privilege gets, where success would do harm. */
  endsWith?: string[]
}

const SUCCEEDED = 'HM000'

/**
 * Creates a function that runs statements with the privileges of the caller and rolls each one back, in a schema where the
 * role may create objects. It runs in the server: a thousand round trips would take seconds and fill its log with denials.
 */
export async function createAttemptFunction(db: Database, role: string): Promise<void> {
  await db.query(`
    create schema if not exists attempts;
    create or replace function attempts.attempt(statements text[]) returns text[] language plpgsql as $$
    declare
        statement text;
        answers   text[] := '{}';
    begin
        foreach statement in array statements loop
            begin
                execute statement;
                raise exception using errcode = '${SUCCEEDED}';
            exception when others then
                answers := answers || sqlstate::text;
            end;
        end loop;
        return answers;
    end
    $$;
    grant execute on function attempts.attempt(text[]) to ${role};
    grant all on schema attempts to ${role}`)
}

/** The cells that were not denied; run by the attempt function in a read-write transaction that is rolled back. */
export async function runAttempts(session: Session, attempts: Attempt[]): Promise<string[]> {
  await session.query(`begin read write; set local lock_timeout = '2s'; set local statement_timeout = '20s'`)
  const answers = await session.value<string[]>('select attempts.attempt($1)', [
    attempts.map(({ statement }) => statement),
  ])
  await session.query('rollback')
  return attempts.flatMap((attempt, index) => outcomeOf(attempt, answers[index] ?? 'no answer'))
}

/** The same without a transaction or a function, for statements that Postgres refuses inside one. */
export async function runAttemptsOneByOne(session: Session, attempts: Attempt[]): Promise<string[]> {
  const allowed: string[] = []
  for (const attempt of attempts) {
    const answer = await session.query(attempt.statement).then(
      () => SUCCEEDED,
      ({ code }: { code?: string }) => code ?? 'no answer',
    )
    allowed.push(...outcomeOf(attempt, answer))
  }
  return allowed
}

function outcomeOf({ cell, endsWith = [] }: Attempt, sqlstate: string): string[] {
  if (sqlstate === '42501') return []
  return sqlstate === SUCCEEDED || endsWith.includes(sqlstate) ? [cell] : [`${cell}: ${sqlstate}`]
}
