// Trying what may be forbidden. Only SQLSTATE 42501 is a denial: whatever fails for another reason proves nothing, and says so.
import type { Database, Session } from '../../harness/index.ts'

export interface Attempt {
  /** What is attempted, in the words of the matrix. */
  cell: string
  /** Works for whoever may do it and for nobody else. */
  statement: string
  /** Where it ends for whoever may, by SQLSTATE, when going further would do harm. */
  endsWith?: string[]
}

const WORKED = 'HM000'

/**
 * Gives the role a place to build in, and there a function that tries statements with the caller's own privileges, each
 * undone before the next. In the server, because a thousand round trips would take seconds and fill its log with denials.
 */
export async function createAttemptFunction(db: Database, role: string): Promise<void> {
  await db.query(`
    create schema if not exists workbench;
    create or replace function workbench.attempt(statements text[]) returns text[] language plpgsql as $$
    declare
        statement text;
        answers   text[] := '{}';
    begin
        foreach statement in array statements loop
            begin
                execute statement;
                raise exception using errcode = '${WORKED}';
            exception when others then
                answers := answers || sqlstate::text;
            end;
        end loop;
        return answers;
    end
    $$;
    grant execute on function workbench.attempt(text[]) to ${role};
    grant all on schema workbench to ${role}`)
}

/** The cells that were not denied, tried on the workbench in a read-write transaction that is rolled back. */
export async function runAttempts(session: Session, attempts: Attempt[]): Promise<string[]> {
  await session.query(`begin read write; set local lock_timeout = '2s'; set local statement_timeout = '20s'`)
  const answers = await session.value<string[]>('select workbench.attempt($1)', [
    attempts.map(({ statement }) => statement),
  ])
  await session.query('rollback')
  return attempts.flatMap((attempt, place) => outcomeOf(attempt, answers[place] ?? 'unanswered'))
}

/** The same outside of a transaction and of any function, for statements that Postgres runs nowhere else. */
export async function runAttemptsOneByOne(session: Session, attempts: Attempt[]): Promise<string[]> {
  const allowed: string[] = []
  for (const attempt of attempts) {
    const answer = await session.query(attempt.statement).then(
      () => WORKED,
      ({ code }: { code?: string }) => code ?? 'no answer',
    )
    allowed.push(...outcomeOf(attempt, answer))
  }
  return allowed
}

function outcomeOf({ cell, endsWith = [] }: Attempt, sqlstate: string): string[] {
  if (sqlstate === '42501') return []
  return sqlstate === WORKED || endsWith.includes(sqlstate) ? [cell] : [`${cell}: ${sqlstate}`]
}
