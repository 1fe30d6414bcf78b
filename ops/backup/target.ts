// The database that a restore is aimed at: what it is, and whether it may be replaced.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { urlOf } from './settings.ts'
import { connectForBackup } from './snapshot.ts'

export interface Target {
  name: string
  /** For a person who must recognise it. */
  description: string
  isEmpty: boolean
}

/** Undefined when there is no such database. */
export async function readTarget(url: URL, name: string): Promise<Target | undefined> {
  const server = await connectForBackup(urlOf(url, 'postgres'))
  try {
    const { rows } = await server.query(EXISTS, [name])
    return rows.length === 0 ? undefined : await describe(url, name, rows[0].sessions)
  } finally {
    await server.end()
  }
}

const EXISTS = `select (select count(*)::int from pg_stat_activity a where a.datname = d.datname) as sessions
  from pg_database d where d.datname = $1`

async function describe(url: URL, name: string, sessions: number): Promise<Target> {
  const client = await connectForBackup(urlOf(url, name))
  try {
    const { rows } = await client.query(FINGERPRINT)
    const { tables, rows: rowCount } = rows[0]
    const environment = await firstValue(client, 'select name from ops.environment')
    const lastWrite = await firstValue(client, 'select max(occurred_at) from audit.audit_log')
    const description =
      `${url.host}/${name}, marked ${environment ?? 'as nothing'}: ${tables} tables, about ${rowCount} rows, ` +
      `last audited change ${lastWrite ?? 'unknown'}, ${sessions} sessions`
    return { name, description, isEmpty: tables === 0 }
  } finally {
    await client.end()
  }
}

const FINGERPRINT =
  'select count(*)::int as tables, coalesce(sum(n_live_tup), 0) as rows from pg_stat_user_tables'

/** Undefined where that table does not exist, or is empty. */
async function firstValue(client: pg.Client, text: string): Promise<string | undefined> {
  const { rows } = await client.query({ text, rowMode: 'array' }).catch(() => ({ rows: [] }))
  const value: unknown = rows[0]?.[0]
  if (value === null || value === undefined) return undefined
  return value instanceof Date ? value.toISOString() : String(value)
}

/** Throws CliError (exit 4) unless the database does not exist, is empty, or was named by `--confirm`. */
export function requireConfirmed(target: Target | undefined, confirmed: string | undefined): void {
  if (target === undefined || target.isEmpty || confirmed === target.name) return
  throw new CliError({
    what: `${target.name} is a live database${confirmed === undefined ? '' : `, and --confirm names ${confirmed}`}.`,
    where: target.description,
    next: `restore beside it with another --database, or replace it with --confirm ${target.name}.`,
    exitCode: EXIT.refused,
  })
}
