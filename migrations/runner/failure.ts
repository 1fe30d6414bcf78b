// What a failed statement is reported as.

import { CliError, EXIT } from '../../config/cli-error.ts'
import { isSqlError } from '../../config/postgres-error.ts'
import type { Script } from './files.ts'

interface SqlError {
  code?: string
  constraint?: string
  position?: string
  message: string
}

/** Names file, line, SQLSTATE and rule. DETAIL is left out: Postgres puts row data there. */
export function failedIn({ file, sql }: Script, error: unknown): CliError {
  const { code, constraint, position, message } = error as SqlError
  if (!isSqlError(error)) {
    return new CliError({
      what: `The server went while ${file} ran (${code ?? message}).`,
      next: 'bring it up, then run again: nothing half-done stays.',
      exitCode: EXIT.unreachable,
      cause: error,
      facts: { file },
    })
  }
  const line = position ? sql.slice(0, Number(position)).split('\n').length : undefined
  const where = line === undefined ? file : `${file}:${line}`
  const rule = constraint ? `, rule ${constraint}` : ''
  return new CliError({
    what: `${where} failed: ${message} (SQLSTATE ${code}${rule}).`,
    next: 'mend that file; what came before it is applied.',
    exitCode: EXIT.failed,
    cause: error,
    facts: { file, line, sqlstate: code, rule: constraint },
  })
}
