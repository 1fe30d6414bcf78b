// Why the database refused, in one line with the next act.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { isAnswer } from '../../config/postgres.ts'

interface SqlError {
  code?: string
  constraint?: string
  message: string
}

/** By rule, then by SQLSTATE. */
const NEXT_ACTS: Record<string, string> = {
  months_are_removed_intact: 'scripts/audit.sh verify names what was altered; it is evidence, and stays.',
  '42501': 'log in as hma_migrator or as a superuser.',
  '22023': 'scripts/migrate.sh apply',
  '3F000': 'scripts/migrate.sh apply',
  '42883': 'scripts/migrate.sh apply',
  '42P01': 'scripts/migrate.sh apply',
  '42P07': 'a leaf lies there detached: attach it, or rename it, then run again.',
  '55P03': 'run again when it has ended.',
  '57014': 'run again when the server has less to do.',
}

/** What a failed command is reported as. Nothing of it stays: each is one statement. */
export async function refusalOf(client: pg.Client, command: string, error: unknown): Promise<CliError> {
  if (error instanceof CliError) return error
  const { code = '', constraint, message } = error as SqlError
  if (!isAnswer(error)) {
    const next = 'bring it up, then run again: nothing half-done stays.'
    return new CliError({
      what: `The server went during ${command} (${code || message}).`,
      next,
      exitCode: EXIT.unreachable,
      cause: error,
    })
  }
  const holder = code === '55P03' ? await holderOf(client) : undefined
  const why = holder === undefined ? message : `the log is held by ${holder}`
  const rule = constraint ? `, rule ${constraint}` : ''
  const next = NEXT_ACTS[constraint ?? ''] ?? NEXT_ACTS[code] ?? 'read that message; nothing half-done stays.'
  const facts = { cause: error, sqlstate: code, rule: constraint, holder }
  return new CliError({
    what: `${command} failed: ${why} (SQLSTATE ${code}${rule}).`,
    next,
    exitCode: EXIT.failed,
    facts: facts,
  })
}

/** Who writes to the log, or seals it, in the oldest transaction. */
async function holderOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('%s (process %s, %s)', a.usename, a.pid, coalesce(nullif(a.application_name, ''), 'no name')) as holder
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.granted and l.mode <> 'AccessShareLock' and a.pid <> pg_backend_pid()
        and l.relation in ('audit.audit_log'::regclass, 'audit.audit_seal'::regclass)
      order by a.xact_start limit 1`,
  )
  return rows[0]?.holder
}
