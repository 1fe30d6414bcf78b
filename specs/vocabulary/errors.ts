// What the database answers to a statement.
import type { Session } from '../../harness/index.ts'

/** SQLSTATE, rule and table of a failed attempt; null when it was accepted. */
export async function errorOf(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => null,
    (thrown: { code?: string; constraint?: string; table?: string }) => thrown,
  )
  return error && { code: error.code, rule: error.constraint, table: error.table }
}

/** SQLSTATE of each statement, null where it was accepted. Roles that are read-only by default are tried in read-write mode. */
export async function sqlstatesOf(session: Session, statements: string[]): Promise<(string | null)[]> {
  await session.query('set default_transaction_read_only = off')
  const answers: (string | null)[] = []
  for (const statement of statements) answers.push((await errorOf(session.query(statement)))?.code ?? null)
  return answers
}
