// How Postgres itself gets on with archiving its write-ahead log.
import { CliError, EXIT } from '../../config/cli-error.ts'
import { connect, endConnection } from '../../config/postgres.ts'
import { statementError } from '../../config/postgres-error.ts'

export interface Archiver {
  mode: string
  /** Null before the first failure. */
  lastFailedFile: string | null
  isFailing: boolean
}

const ANSWER_MS = 30_000

const STATE = `select current_setting('archive_mode') as mode, last_failed_wal as "lastFailedFile",
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing"
  from pg_stat_archiver`

/** Throws CliError (exit 3 without an answer, 1 for an error). */
export async function readArchiver(url: URL): Promise<Archiver> {
  const client = await connect(url, { applicationName: 'hma archive', statementTimeoutMs: ANSWER_MS })
  try {
    const { rows } = await client.query(STATE)
    return rows[0] as Archiver
  } catch (error) {
    const next = 'scripts/compose.sh logs postgres has the reason.'
    throw statementError(error, { subject: 'the question about the archive', next })
  } finally {
    await endConnection(client)
  }
}

/** Throws CliError (exit 4). */
export function requireOn({ mode }: Archiver): void {
  if (mode !== 'off') return
  throw new CliError({
    what: 'The database does not archive.',
    next: 'set HMA_ARCHIVE=on in .env and start postgres again (docs/archive.md), or stop this service.',
    exitCode: EXIT.refused,
  })
}

/** Throws CliError (exit 1) while the newest attempt is one that failed. */
export function requireArchived({ isFailing, lastFailedFile }: Archiver): void {
  if (!isFailing) return
  throw new CliError({
    what: `The archive did not take ${lastFailedFile}; the database keeps it, and what it writes after it, on its own disk.`,
    next: 'scripts/compose.sh logs postgres has the reason; then archive-store and minio.',
    exitCode: EXIT.failed,
  })
}
