// What must be true before a dump: a wrong source would give a backup that restores without an error and is worth nothing.
import { statfs } from 'node:fs/promises'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { SqlError } from '../../config/postgres-error.ts'
import type { StoredBackup } from './backups.ts'
import { OWNER } from './fill.ts'
import { outputOf } from './postgres-tools.ts'

/** A database of HMA has more; an empty one, or another product's, has fewer or others. */
const FEWEST_TABLES = 10
/** A dump may grow from one backup to the next, and the download of a restore test lies beside it. */
const GROWTH = 2
const RESERVE_BYTES = 16 * 2 ** 20

interface Source {
  serverMajor: number
  login: string
  isSuperuser: boolean
  seesAllRows: boolean
  tables: number
  /** What a restore could make as a superuser alone, although a lesser role wrote it, and that role; null where there is none. */
  notRestorable: string | null
}

/** Returns the version of pg_dump. Throws CliError (exit 4) that names what is wrong. */
export async function checkSource(client: pg.Client, where: string): Promise<string> {
  const { rows } = await client.query<Source>(SOURCE)
  const { serverMajor, login, isSuperuser, seesAllRows, tables, notRestorable } = rows[0] as Source
  const version = (await outputOf('pg_dump', ['--version'])).replace(/^.*?\) (\S+).*$/, '$1')
  const major = Number.parseInt(version, 10)
  const refuse = (what: string, next: string) => refused(what, where, next)
  if (!(major >= serverMajor))
    throw refuse(
      `pg_dump is version ${major}, and the server is version ${serverMajor}.`,
      `install the client of Postgres ${serverMajor}.`,
    )
  if (isSuperuser) throw refuse(`${login} is a superuser.`, 'log in as hma_backup, which can only read.')
  if (!seesAllRows)
    throw refuse(`${login} does not see all rows: row security filters it.`, 'log in as hma_backup.')
  const migrations = tables < FEWEST_TABLES ? 0 : await countMigrations(client)
  if (migrations === 0)
    throw refuse(
      `This is no database of HMA: it has ${tables} of its tables, and no ledger of migrations.`,
      'name the right one in HMA_DATABASE_URL.',
    )
  if (notRestorable !== null)
    throw refuse(
      `The ${notRestorable}, and a restore makes only what ${OWNER} or a superuser owns.`,
      `alter … owner to ${OWNER}`,
    )
  return version
}

/** Of the role r: a login, or a role that others can become, and not one of those that hma_owner can become. */
const SOMEBODY_ELSE_CAN_BE_IT = `(r.rolcanlogin or exists (select from pg_auth_members m where m.roleid = r.oid))
           and not exists (select from pg_roles o where o.rolname = '${OWNER}' and pg_has_role(o.oid, r.oid, 'set'))`

const SOURCE = `
select current_setting('server_version_num')::int / 10000 as "serverMajor", rolname as login,
       rolsuper as "isSuperuser", rolbypassrls as "seesAllRows",
       (select count(*)::int from pg_tables where schemaname in ('auth', 'audit', 'ops', 'reference', 'ml')) as tables,
       (select format('%s %I.%I belongs to %I', kind, n.nspname, name, r.rolname)
          from (select 'table', relname, relnamespace, relowner from pg_class where relkind in ('r', 'p')
                union all
                select 'aggregate', proname, pronamespace, proowner from pg_proc where prokind = 'a'
                union all
                select 'view', relname, relnamespace, relowner from pg_class where relkind in ('v', 'm')
                union all
                select 'function', proname, pronamespace, proowner from pg_proc where prokind <> 'a'
                union all
                select 'domain', typname, typnamespace, typowner from pg_type where typtype = 'd'
               ) as made (kind, name, namespace, owner)
          join pg_namespace n on n.oid = namespace
          join pg_roles r on r.oid = owner
         where not r.rolsuper and r.rolname <> '${OWNER}' and n.nspname !~ '^pg_'
           and (kind in ('table', 'aggregate') or ${SOMEBODY_ELSE_CAN_BE_IT})
         limit 1) as "notRestorable"
  from pg_roles where rolname = current_user`

/** No such table or column, or a column of another type. */
const NO_LEDGER = ['42P01', '42703', '42883', '22P02']

/** 0 also in a database of another product, which has no ledger or another one. */
async function countMigrations(client: pg.Client): Promise<number> {
  try {
    const { rows } = await client.query(
      `select count(*)::int as done from ops.schema_migration where state = 'done'`,
    )
    return rows[0].done
  } catch (error) {
    if (NO_LEDGER.includes((error as SqlError).code ?? '')) return 0
    throw error
  }
}

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
