// What an error of Postgres, or of the connection to it, is reported as.
import { CliError, EXIT, type Facts } from './cli-error.ts'

export interface SqlError {
  /** SQLSTATE. */
  code?: string
  constraint?: string
  position?: string
  message: string
}

/** True when the server rejected a statement, false when the server or the connection was lost. */
export function isSqlError(error: unknown): boolean {
  const { code = '' } = error as SqlError
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P)/.test(code)
}

/** The CliError (exit 3) that says where to and why there is no connection. */
export function connectionError(url: URL, cause: unknown): CliError {
  const { code, message } = cause as SqlError
  const where = `${url.username}@${url.hostname}:${url.port || 5432}${url.pathname}`
  return new CliError({
    what: `No connection to ${where} (${code ?? message}).`,
    next: 'is the server up, and is HMA_DATABASE_URL right?',
    exitCode: EXIT.unreachable,
    cause,
    facts: { reason: code ?? message },
  })
}

export interface StatementContext {
  /** What was run: a file, a file with its line, or a command. */
  subject: string
  /** The next act: one, or one for each rule and SQLSTATE with `default` for the rest. */
  next: string | (Record<string, string> & { default: string })
  /** Why, where this is more than the server's own message. */
  reason?: string | undefined
  facts?: Facts
}

/** Names subject, SQLSTATE and rule (exit 1), or the lost connection (exit 3). DETAIL is left out: Postgres puts row data there. */
export function statementError(cause: unknown, context: StatementContext): CliError {
  const { code = '', constraint, message } = cause as SqlError
  const { subject, next, reason = message, facts = {} } = context
  if (!isSqlError(cause)) {
    return new CliError({
      what: `The connection was lost during ${subject} (${code || message}).`,
      next: 'start the server, then run again: no partial change remains.',
      exitCode: EXIT.unreachable,
      cause,
      facts,
    })
  }
  const rule = constraint ? `, rule ${constraint}` : ''
  return new CliError({
    what: `${subject} failed: ${reason} (SQLSTATE ${code}${rule}).`,
    next: typeof next === 'string' ? next : (next[constraint ?? ''] ?? next[code] ?? next.default),
    exitCode: EXIT.failed,
    cause,
    facts: { ...facts, sqlstate: code, rule: constraint },
  })
}
