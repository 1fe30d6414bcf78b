// What the database answers to an attempt.
import type { Session } from '../../harness/index.ts'

/** What a refused attempt says, or null when it was accepted. */
export async function errorOf(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => null,
    (thrown: { code?: string; constraint?: string; table?: string }) => thrown,
  )
  return error && { code: error.code, rule: error.constraint, table: error.table }
}

/** SQLSTATE of each statement tried alone, even by a role that reads only; null where one was accepted. */
export async function sqlstatesOf(session: Session, statements: string[]): Promise<(string | null)[]> {
  await session.query('set default_transaction_read_only = off')
  const answers: (string | null)[] = []
  for (const statement of statements) answers.push((await errorOf(session.query(statement)))?.code ?? null)
  return answers
}
