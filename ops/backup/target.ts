// The database that a restore is aimed at: what it is, and whether it may be replaced.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { SqlError } from '../../config/postgres-error.ts'
import { checkDatabase, connectForBackup } from './connection.ts'
import { dropDatabase, UNFINISHED } from './load.ts'
import { READER } from './logins.ts'
import { loginOf, urlOf } from './settings.ts'

/** A server that a restore works on. */
interface Place {
  /** As a superuser. */
  url: URL
  /** By login; those that the server has, or gets. */
  passwords: Record<string, string>
}

export interface Target {
  name: string
  /** For a person who must recognise it. */
  description: string
  isEmpty: boolean
}

/** Undefined when there is no such database. */
async function readTarget(place: Place, name: string): Promise<Target | undefined> {
  return checkDatabase(urlOf(place.url, 'postgres'), async (server) => {
    const { rows } = await server.query(EXISTS, [name])
    return rows.length === 0 ? undefined : describe(place, name, rows[0].sessions)
  })
}

const EXISTS = `select (select count(*)::int from pg_catalog.pg_stat_activity a where a.datname = d.datname) as sessions
  from pg_catalog.pg_database d where d.datname = $1`

/** The superuser asks the catalog alone. */
async function describe(place: Place, name: string, sessions: number): Promise<Target> {
  const { host } = place.url
  const { rows } = await checkDatabase(urlOf(place.url, name), (client) => client.query(FINGERPRINT))
  const { tables, rows: rowCount } = rows[0]
  const { environment, lastWrite } = await readByName(place, name)
  const description =
    `${host}/${name}, marked ${environment}: ${tables} tables, about ${rowCount} rows, ` +
    `last audited change ${lastWrite}, ${sessions} sessions`
  return { name, description, isEmpty: tables === 0 }
}

const FINGERPRINT =
  'select count(*)::int as tables, coalesce(sum(n_live_tup), 0) as rows from pg_catalog.pg_stat_user_tables'

/** Where the reader cannot log in, or may not read. */
const NOT_READ = { environment: 'as unknown', lastWrite: 'unknown' }

/** From the tables of the owner, who may have put a view in their place: by a login with few rights, and never as a superuser. */
function readByName({ url, passwords }: Place, name: string): Promise<typeof NOT_READ> {
  const reader = loginOf(urlOf(url, name), READER, passwords[READER])
  const read = async (client: pg.Client) => ({
    environment: (await firstValue(client, 'select name from ops.environment')) ?? 'as nothing',
    lastWrite: (await firstValue(client, 'select max(occurred_at) from audit.audit_log')) ?? 'unknown',
  })
  return checkDatabase(reader, read, { refuseSuperuser: true }).catch(() => NOT_READ)
}

/** No such table or column. */
const NOT_THERE = ['42P01', '42703']

/** Undefined where that table does not exist, or is empty. */
async function firstValue(client: pg.Client, text: string): Promise<string | undefined> {
  const { rows } = await client.query({ text, rowMode: 'array' }).catch((error: SqlError) => {
    if (NOT_THERE.includes(error.code ?? '')) return { rows: [] }
    throw error
  })
  const value: unknown = rows[0]?.[0]
  if (value === null || value === undefined) return undefined
  return value instanceof Date ? value.toISOString() : String(value)
}

/** The database, which may be replaced. Throws CliError (exit 4) unless it does not exist, is empty, or was named by `--confirm`. */
export async function readConfirmedTarget(
  place: Place,
  name: string,
  confirmed: string | undefined,
): Promise<Target | undefined> {
  const target = await readTarget(place, name)
  requireConfirmed(target, confirmed)
  return target
}

function requireConfirmed(target: Target | undefined, confirmed: string | undefined): void {
  if (target === undefined || target.isEmpty || confirmed === target.name) return
  throw new CliError({
    what: `${target.name} is a live database${confirmed === undefined ? '' : `, and --confirm names ${confirmed}`}.`,
    where: target.description,
    next: `restore beside it with another --database, or replace it with --confirm ${target.name}.`,
    exitCode: EXIT.refused,
  })
}

/**
 * Makes room for the database that a restore fills: what a killed one has left under that name is dropped, and so is an empty database,
 * which a kill leaves before the comment is there. Throws CliError (exit 4) where the name is that of somebody else's live database.
 */
export async function removeLeftover(place: Place, name: string): Promise<void> {
  const server = await connectForBackup(urlOf(place.url, 'postgres'))
  try {
    const { rows } = await server.query<{ isUnfinished: boolean }>(IS_UNFINISHED, [name, UNFINISHED])
    const [found] = rows
    if (found === undefined) return
    if (!found.isUnfinished) requireEmpty(await readTarget(place, name))
    await dropDatabase(server, name)
  } finally {
    await server.end()
  }
}

const IS_UNFINISHED = `select coalesce(shobj_description(oid, 'pg_database') = $2, false) as "isUnfinished"
  from pg_database where datname = $1`

function requireEmpty(found: Target | undefined): void {
  if (found === undefined || found.isEmpty) return
  throw new CliError({
    what: `${found.name} is a live database, and a restore needs that name until it has ended.`,
    where: found.description,
    next: 'give that database another name, or restore with another --database.',
    exitCode: EXIT.refused,
  })
}
