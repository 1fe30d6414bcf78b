// What a failed statement is reported as.
import { isAnswer } from '../../environment/index.ts'
import type { Script } from './files.ts'
import { EXIT, Refusal } from './refusal.ts'

interface SqlError {
  code?: string
  constraint?: string
  position?: string
  message: string
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
