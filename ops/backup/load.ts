// Fills a new database with a dump: roles first, then the database as the source was made, then all of its objects.
import { join } from 'node:path'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { ROOT } from '../../config/root.ts'
import { readPrelude } from '../../migrations/runner/files.ts'
import { ensureRoles } from '../../migrations/runner/prelude.ts'
import { connectForBackup } from './connection.ts'
import { fill, OWNER_LOGIN } from './fill.ts'
import type { Manifest } from './manifest.ts'
import { loginOf, urlOf } from './settings.ts'

export interface Load {
  /** The server, as a superuser. */
  url: URL
  /** Must not exist. */
  database: string
  dump: string
  manifest: Manifest
  jobs: number
  /** To set on the server, by login role; others stay as they are. */
  passwords: Record<string, string>
}

const MIGRATIONS = join(ROOT, 'migrations')

/** When it throws, the database does not exist. */
export async function loadDump({ url, database, dump, manifest, jobs, passwords }: Load): Promise<void> {
  const server = await connectForBackup(urlOf(url, 'postgres'))
  try {
    await requireExtensions(server, manifest, url)
    await ensureRoles(server, readPrelude(MIGRATIONS).roles, passwords)
    await requireRoles(server, manifest, url)
    await createDatabase(server, database, manifest)
    try {
      await server.query(commentOn(server, database, UNFINISHED))
      await openToOwner(server, database)
      const superuser = urlOf(url, database)
      await fill({ superuser, owner: loginOf(superuser, OWNER_LOGIN, passwords[OWNER_LOGIN]), dump, jobs })
      await analyze(superuser)
      await openAsBefore(server, database, manifest)
    } catch (error) {
      await dropDatabase(server, database)
      throw error
    }
  } finally {
    await server.end().catch(() => {})
  }
}

/** Otherwise pg_restore would fail in the middle, with the message of `create extension`. */
async function requireExtensions(server: pg.Client, { contents }: Manifest, url: URL): Promise<void> {
  const { rows } = await server.query<{ name: string }>('select name from pg_available_extensions')
  requireAll('extension', contents.extensions, rows, {
    where: url.host,
    next: 'install it there, or use the image hma-postgres.',
  })
}

/** Roles that somebody has made besides ours: what they own or may do cannot be restored without them. */
async function requireRoles(server: pg.Client, { contents }: Manifest, url: URL): Promise<void> {
  const { rows } = await server.query<{ name: string }>('select rolname as name from pg_roles')
  const needed = contents.catalog.filter(({ kind }) => kind === 'role').map(({ identity }) => identity)
  requireAll('role', needed, rows, {
    where: url.host,
    next: 'create it there as it was, with its memberships and settings.',
  })
}

/** Throws CliError (exit 4) that names those which the server does not have. */
function requireAll(
  kind: string,
  needed: string[],
  present: { name: string }[],
  error: { where: string; next: string },
): void {
  const missing = needed.filter((name) => !present.some((each) => each.name === name))
  if (missing.length === 0) return
  const what = `The server does not have the ${kind} ${missing.join(', ')}, which the backup needs.`
  throw new CliError({ what, exitCode: EXIT.refused, ...error })
}

async function createDatabase(server: pg.Client, database: string, { creation }: Manifest): Promise<void> {
  const name = server.escapeIdentifier(database)
  const text = (value: string) => server.escapeLiteral(value)
  const { provider, locale } = creation
  const ofProvider = locale === null ? '' : `locale_provider ${provider} ${provider}_locale ${text(locale)}`
  await server.query(`create database ${name} template template0 encoding ${text(creation.encoding)}
    lc_collate ${text(creation.collate)} lc_ctype ${text(creation.ctype)} ${ofProvider}`)
}

/** Until everything is there, functions can be called that are revoked from PUBLIC at the end. */
async function openToOwner(server: pg.Client, database: string): Promise<void> {
  const name = server.escapeIdentifier(database)
  await server.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to ${OWNER_LOGIN}`,
  )
}

/** To the roles that could use the source. */
async function openAsBefore(server: pg.Client, database: string, { access }: Manifest): Promise<void> {
  const name = server.escapeIdentifier(database)
  await server.query(`revoke all on database ${name} from ${OWNER_LOGIN}`)
  for (const { role, privilege } of access) {
    const grantee = role === null ? 'public' : server.escapeIdentifier(role)
    await server.query(`grant ${privilege} on database ${name} to ${grantee}`)
  }
}

/** The comment of a database until it has its name. By it the next restore knows what a killed one has left. */
export const UNFINISHED = 'A restore fills this database.'

/** A statement; null removes the comment. */
export function commentOn(server: pg.Client, database: string, comment: string | null): string {
  const text = comment === null ? 'null' : server.escapeLiteral(comment)
  return `comment on database ${server.escapeIdentifier(database)} is ${text};`
}

/** Also where sessions use it. */
export async function dropDatabase(server: pg.Client, database: string): Promise<void> {
  await server.query(`drop database if exists ${server.escapeIdentifier(database)} with (force)`)
}

/** pg_restore of this version restores no statistics. */
async function analyze(url: URL): Promise<void> {
  const client = await connectForBackup(url)
  await client.query('analyze').finally(() => client.end())
}
