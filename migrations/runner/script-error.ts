import type { CliError } from '../../config/cli-error.ts'
import { type SqlError, statementError } from '../../config/postgres-error.ts'
import { LOCKED } from './attempts.ts'
import type { Script } from './files.ts'

/** Names file, line, SQLSTATE and rule. */
export function scriptError({ file, sql }: Script, error: unknown): CliError {
  const { position, code } = error as SqlError
  const line = position ? lineAt(sql, Number(position)) : undefined
  return statementError(error, {
    subject: line === undefined ? file : `${file}:${line}`,
    next:
      code === LOCKED
        ? 'run it again when nothing holds that table for long; scripts/db-stats.sh shows the oldest transactions.'
        : 'correct that file; the migrations before it are applied.',
    facts: { file, line },
  })
}

/** Postgres counts characters from 1, and a string of JavaScript counts an emoji as two. */
function lineAt(sql: string, position: number): number {
  const before = [...sql].slice(0, position - 1)
  return before.filter((character) => character === '\n').length + 1
}
