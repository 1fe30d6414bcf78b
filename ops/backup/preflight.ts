// What must be true before a dump: a wrong source would give a backup that restores without an error and is worth nothing.
import { statfs } from 'node:fs/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { StoredBackup } from './backups.ts'
import { outputOf } from './postgres-tools.ts'

/** A database of HMA has more; an empty one, or another product's, has fewer or others. */
const FEWEST_TABLES = 10
/** A dump may grow from one backup to the next, and the download of a restore test lies beside it. */
const GROWTH = 2
const RESERVE_BYTES = 16 * 2 ** 20

interface Source {
  server: number
  isSuperuser: boolean
  seesAllRows: boolean
  login: string
  migrations: number
  tables: number
  bytes: number
}

/** Returns the version of pg_dump. Throws CliError (exit 4) that names what is wrong. */
export async function checkSource(client: pg.Client, where: string): Promise<string> {
  const source = await readSource(client)
  const version = await outputOf('pg_dump', ['--version'])
  const [, client_ = '', major = '0'] = /((\d+)[\d.]*)/.exec(version.replace(/^[^)]*\)/, '')) ?? []
  const serverMajor = Math.floor(source.server / 10_000)
  if (Number(major) < serverMajor)
    throw refused(
      `pg_dump is version ${major}, and the server is version ${serverMajor}.`,
      where,
      `install the client of Postgres ${serverMajor}.`,
    )
  if (source.isSuperuser)
    throw refused(`${source.login} is a superuser.`, where, 'log in as hma_backup, which can only read.')
  if (!source.seesAllRows)
    throw refused(
      `${source.login} does not see all rows: row security filters it.`,
      where,
      'log in as hma_backup.',
    )
  if (source.migrations === 0 || source.tables < FEWEST_TABLES)
    throw refused(
      `This is no database of HMA: ${source.migrations} migrations, ${source.tables} tables.`,
      where,
      'name the right one in HMA_DATABASE_URL.',
    )
  return client_
}

async function readSource(client: pg.Client): Promise<Source> {
  const { rows } = await client.query(SOURCE)
  const source = rows[0] as Source & { hasLedger: boolean }
  if (!source.hasLedger) return { ...source, migrations: 0 }
  const ledger = await client.query(
    `select count(*)::int as done from ops.schema_migration where state = 'done'`,
  )
  return { ...source, migrations: ledger.rows[0].done }
}

const SOURCE = `
select current_setting('server_version_num')::int as server, rolsuper as "isSuperuser", rolbypassrls as "seesAllRows",
       rolname as login,
       (select count(*)::int from pg_tables where schemaname in ('auth', 'audit', 'ops', 'reference', 'ml')) as tables,
       exists (select from pg_tables where schemaname = 'ops' and tablename = 'schema_migration') as "hasLedger"
  from pg_roles where rolname = current_user`

/** Throws CliError (exit 4) when the dump will not fit: measured by the last one, or by the database before the first. */
export async function checkSpace(
  client: pg.Client,
  folder: string,
  last: StoredBackup | undefined,
): Promise<void> {
  const { rows } = await client.query('select pg_database_size(current_database())::float8 as bytes')
  const expected = last === undefined ? rows[0].bytes : last.bytes * GROWTH
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= expected + RESERVE_BYTES) return
  throw refused(
    `There are ${mebibytes(free)} free, and the dump may need ${mebibytes(expected + RESERVE_BYTES)}.`,
    folder,
    'delete files there, or set HMA_BACKUP_FOLDER to a larger disk.',
  )
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}

function refused(what: string, where: string, next: string): CliError {
  return new CliError({ what, where, next, exitCode: EXIT.refused })
}
