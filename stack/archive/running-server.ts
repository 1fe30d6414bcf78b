// The server of the stack while a restore is prepared: all that it has committed goes into the archive first.
import { setTimeout } from 'node:timers/promises'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { listContainers } from '../../config/compose-containers.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { runOrThrow } from '../run-command.ts'

const QUERY_WITHIN_MS = 20_000
const ARCHIVED_WITHIN_MS = 120_000
const POLL_MS = 250

/** Id of its container; undefined when it does not run. */
export async function runningServer({ project }: StackSettings): Promise<string | undefined> {
  const containers = await listContainers(project)
  return containers.find(({ service, isHealthy }) => service === 'postgres' && isHealthy)?.id
}

/**
 * Commits once more, so that the archive goes beyond every moment until now, and waits until that is archived. Throws CliError (exit 3)
 * when the archive does not take it.
 */
export async function archiveEverything(container: string): Promise<void> {
  if ((await ask(container, 'show archive_mode')) === 'off') return
  await ask(container, 'select pg_current_xact_id()')
  const file = await ask(container, 'select pg_walfile_name(pg_switch_wal())')
  const isArchived = `select coalesce(last_archived_wal >= '${file}', false) from pg_stat_archiver`
  const deadline = Date.now() + ARCHIVED_WITHIN_MS
  while ((await ask(container, isArchived)) !== 't') {
    if (Date.now() > deadline) throw notArchived(file)
    await setTimeout(POLL_MS)
  }
}

async function ask(container: string, query: string): Promise<string> {
  const psql = [
    'psql',
    '--username=postgres',
    '--dbname=postgres',
    '--no-psqlrc',
    '--tuples-only',
    '--no-align',
  ]
  const { stdout } = await runOrThrow(['docker', 'exec', container, ...psql, '--command', query], {
    withinMs: QUERY_WITHIN_MS,
  })
  return stdout.trim()
}

function notArchived(file: string): CliError {
  return new CliError({
    what: `The archive has not taken ${file}, so what was committed last would be missing.`,
    next: 'scripts/compose.sh logs postgres archive-store minio; the database is as it was.',
    exitCode: EXIT.unreachable,
  })
}
