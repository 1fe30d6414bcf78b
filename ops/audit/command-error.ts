// Why the database refused a command, in one line with the next act.
import type pg from 'pg'
import type { CliError } from '../../config/cli-error.ts'
import { type SqlError, statementError } from '../../config/postgres-error.ts'

const APPLY = 'scripts/migrate.sh apply'

/** By rule and by SQLSTATE. */
const NEXT_ACTS = {
  months_are_removed_intact:
    'scripts/audit.sh verify names what was altered; keep it, because it is evidence.',
  '42501': 'log in as hma_migrator.',
  '22023': APPLY,
  '3F000': APPLY,
  '42883': APPLY,
  '42P01': APPLY,
  '42P07': 'a detached leaf has that name: attach it, or rename it, then run again.',
  '55P03': 'run again when that transaction has ended.',
  '57014': 'run again when the server has less load.',
  default: 'read that message; no partial change remains.',
}

/** No partial change remains after a failed command: each is one statement. */
export async function commandError(client: pg.Client, command: string, error: unknown): Promise<CliError> {
  const isLocked = (error as SqlError).code === '55P03'
  const holder = isLocked ? await lockHolder(client) : undefined
  return statementError(error, {
    subject: command,
    next: NEXT_ACTS,
    reason: holder && `the log is locked by ${holder}`,
    facts: { holder },
  })
}

/** Who writes to the log, or seals it, in the oldest transaction. */
async function lockHolder(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('%s (process %s, %s)', a.usename, a.pid, coalesce(nullif(a.application_name, ''), 'no name')) as holder
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.granted and l.mode <> 'AccessShareLock' and a.pid <> pg_backend_pid()
        and l.relation in ('audit.audit_log'::regclass, 'audit.audit_seal'::regclass)
      order by a.xact_start limit 1`,
  )
  return rows[0]?.holder
}
