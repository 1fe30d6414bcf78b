import type { CliError } from '../../config/cli-error.ts'
import { type SqlError, statementError } from '../../config/postgres-error.ts'
import type { Script } from './files.ts'

/** Names file, line, SQLSTATE and rule. */
export function scriptError({ file, sql }: Script, error: unknown): CliError {
  const { position } = error as SqlError
  const line = position ? sql.slice(0, Number(position)).split('\n').length : undefined
  return statementError(error, {
    subject: line === undefined ? file : `${file}:${line}`,
    next: 'correct that file; the migrations before it are applied.',
    facts: { file, line },
  })
}
