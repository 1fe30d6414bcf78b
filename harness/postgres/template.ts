// The template database: built under a temporary name, sealed and then renamed, so that a partly built one is never cloned.
// Sealed, because one open session on a template makes every clone fail (55006).
import { createHash, randomUUID } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import type { PostgresServer } from '../containers/postgres.ts'

export interface TemplateDefinition {
  /** Files and folders that decide what the template contains, relative to the project's root. */
  inputs: string[]
  /** Fills an empty database, as a user would. */
  build: (database: { url: string; name: string }) => Promise<void>
}

export type CloneStrategy = 'file_copy' | 'wal_log'

const SESSIONS_END_WITHIN_MS = 2000

/** Name of the sealed template of this definition; builds it if the server does not have it. */
export async function ensureTemplate(
  admin: pg.Client,
  server: PostgresServer,
  kind: string,
  definition: TemplateDefinition,
) {
  const name = `template_${kind}_${await hashTemplate(definition, server.version)}`
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await buildTemplate(admin, server, definition, name)
  return name
}

/** Clones a sealed template, or `template0` for an empty database; 20 to 30 ms on a tmpfs with file_copy. */
export async function cloneTemplate(
  admin: pg.Client,
  template: string,
  name: string,
  strategy: CloneStrategy,
) {
  await admin.query(`create database ${name} template ${template} strategy ${strategy}`)
  if (template !== 'template0') await admin.query(copyPrivileges(template, name))
}

/** Postgres clones everything except the privileges on the database itself: connect and temporary tables. */
const copyPrivileges = (template: string, name: string) => `
  do $$
  declare
      granted record;
  begin
      revoke all on database ${name} from public;
      for granted in
          select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee,
                 string_agg(a.privilege_type, ', ') as privileges
            from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
           where d.datname = '${template}' and a.grantee <> d.datdba
           group by a.grantee
      loop
          execute format('grant %s on database ${name} to %s', granted.privileges, granted.grantee);
      end loop;
  end
  $$`

/**
 * Which strategy is faster depends on the server's disk and durability, so it is measured: the faster of two clones each,
 * because other work on the machine can slow one down.
 */
export async function probeStrategy(admin: pg.Client): Promise<CloneStrategy> {
  let fileCopy = Number.POSITIVE_INFINITY
  let walLog = Number.POSITIVE_INFINITY
  for (let round = 0; round < 2; round++) {
    fileCopy = Math.min(fileCopy, await timeClone(admin, 'file_copy'))
    walLog = Math.min(walLog, await timeClone(admin, 'wal_log'))
  }
  return fileCopy <= walLog ? 'file_copy' : 'wal_log'
}

/** Changes with every input of the template, with the server's version, and with the source of `build`. */
export async function hashTemplate({ inputs, build }: TemplateDefinition, version: string): Promise<string> {
  const hash = createHash('sha256').update(version).update(build.toString())
  for (const input of inputs) {
    const files = await Array.fromAsync(glob([input, `${input}/**/*`]))
    for (const file of files.sort())
      hash
        .update('\0')
        .update(file)
        .update('\0')
        .update(await readIfFile(file))
  }
  return hash.digest('hex').slice(0, 12)
}

async function timeClone(admin: pg.Client, strategy: CloneStrategy): Promise<number> {
  const began = performance.now()
  await cloneTemplate(admin, 'template0', `probe_${strategy}`, strategy)
  const elapsed = performance.now() - began
  await admin.query(`drop database probe_${strategy}`)
  return elapsed
}

async function buildTemplate(
  admin: pg.Client,
  server: PostgresServer,
  definition: TemplateDefinition,
  name: string,
) {
  const draft = `draft_${randomUUID().slice(0, 8)}`
  await admin.query(`create database ${draft} template template0`)
  const { host, port, user, password } = server
  await definition.build({ url: `postgres://${user}:${password}@${host}:${port}/${draft}`, name: draft })
  await requireNoSessions(admin, draft)
  await admin.query(`alter database ${draft} with allow_connections false is_template true`)
  await admin.query(`alter database ${draft} rename to ${name}`)
}

/** The server lists a closed session for a moment longer. */
async function requireNoSessions(admin: pg.Client, draft: string): Promise<void> {
  const deadline = performance.now() + SESSIONS_END_WITHIN_MS
  let open = await sessionsOf(admin, draft)
  while (open.length > 0 && performance.now() < deadline) open = await sessionsOf(admin, draft)
  if (open.length === 0) return
  throw new CliError({
    what: `The template cannot be closed to connections: sessions are open: ${open.join(', ')}.`,
    where: `database ${draft}`,
    next: 'close the session where the template is built.',
  })
}

async function sessionsOf(admin: pg.Client, database: string): Promise<string[]> {
  const { rows } = await admin.query<{ session: string }>(
    `select application_name || ' (' || usename || ')' as session from pg_stat_activity
      where datname = $1 and backend_type = 'client backend'`,
    [database],
  )
  return rows.map(({ session }) => session)
}

async function readIfFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR') return ''
    throw error
  })
}
