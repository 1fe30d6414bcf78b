// What a failed statement is reported as.
import type { Script } from './files.ts'
import { EXIT, Refusal } from './refusal.ts'

interface SqlError {
  code?: string
  constraint?: string
  position?: string
  message: string
}

/** True for an answer of the server about a statement, false when the server or the connection went. */
export function isAnswer(error: unknown): boolean {
  const { code = '' } = error as SqlError
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P)/.test(code)
}

/** Names file, line, SQLSTATE and rule. DETAIL is left out: Postgres puts row data there. */
export function failedIn({ file, sql }: Script, error: unknown): Refusal {
  const { code, constraint, position, message } = error as SqlError
  if (!isAnswer(error)) {
    return new Refusal(
      EXIT.unreachable,
      `The server went while ${file} ran (${code ?? message}).`,
      'bring it up, then run again: nothing half-done stays.',
      { cause: error, file },
    )
  }
  const line = position ? sql.slice(0, Number(position)).split('\n').length : undefined
  const where = line === undefined ? file : `${file}:${line}`
  const rule = constraint ? `, rule ${constraint}` : ''
  return new Refusal(
    EXIT.failed,
    `${where} failed: ${message} (SQLSTATE ${code}${rule}).`,
    'mend that file; what came before it is applied.',
    { cause: error, file, line, sqlstate: code, rule: constraint },
  )
}
