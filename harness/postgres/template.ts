// The migrated template: built once per recipe under a private name, sealed, then renamed, so that a half-built
// one is never taken for a whole one. Sealed, because one open session on a template makes every clone fail (55006).
import { createHash, randomUUID } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { CliError } from '../../config/cli-error.ts'
import type { PostgresServer } from '../containers/postgres.ts'

export interface TemplateRecipe {
  /** Files and folders whose content decides what the template holds, relative to the project. */
  inputs: string[]
  /** Fills an empty database, as a user would. */
  build: (database: { url: string; name: string }) => Promise<void>
}

export type CloneStrategy = 'file_copy' | 'wal_log'

const SESSIONS_END_WITHIN_MS = 2000

/** Name of the sealed template of this recipe, built if the server does not have it yet. */
export async function ensureTemplate(
  admin: pg.Client,
  server: PostgresServer,
  kind: string,
  recipe: TemplateRecipe,
) {
  const name = `template_${kind}_${await hashRecipe(recipe, server.version)}`
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await buildTemplate(admin, server, recipe, name)
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

/** Postgres clones everything but who may connect and make temporary tables. */
const copyPrivileges = (template: string, name: string) => `
  do $$
  declare
      given record;
  begin
      revoke all on database ${name} from public;
      for given in
          select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee,
                 string_agg(a.privilege_type, ', ') as privileges
            from pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
           where d.datname = '${template}' and a.grantee <> d.datdba
           group by a.grantee
      loop
          execute format('grant %s on database ${name} to %s', given.privileges, given.grantee);
      end loop;
  end
  $$`

/**
 * Which strategy is faster depends on the server's disk and durability, so it is measured: the better of two clones each,
 * because one alone is at the mercy of whatever else the machine does.
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

/** Changes with every input of the recipe, with the server, and with how the template is built. */
export async function hashRecipe({ inputs, build }: TemplateRecipe, version: string): Promise<string> {
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
  const took = performance.now() - began
  await admin.query(`drop database probe_${strategy}`)
  return took
}

async function buildTemplate(admin: pg.Client, server: PostgresServer, recipe: TemplateRecipe, name: string) {
  const draft = `draft_${randomUUID().slice(0, 8)}`
  await admin.query(`create database ${draft} template template0`)
  const { host, port, user, password } = server
  await recipe.build({ url: `postgres://${user}:${password}@${host}:${port}/${draft}`, name: draft })
  await refuseOpenSessions(admin, draft)
  await admin.query(`alter database ${draft} with allow_connections false is_template true`)
  await admin.query(`alter database ${draft} rename to ${name}`)
}

/** A session that was closed a moment ago is still there for a moment. */
async function refuseOpenSessions(admin: pg.Client, draft: string): Promise<void> {
  const deadline = performance.now() + SESSIONS_END_WITHIN_MS
  let open = await sessionsOf(admin, draft)
  while (open.length > 0 && performance.now() < deadline) open = await sessionsOf(admin, draft)
  if (open.length === 0) return
  throw new CliError({
    what: `The template cannot be sealed: still connected are ${open.join(', ')}.`,
    where: `database ${draft}`,
    next: 'close that connection where the template is built.',
  })
}

async function sessionsOf(admin: pg.Client, database: string): Promise<string[]> {
  const { rows } = await admin.query<{ who: string }>(
    `select application_name || ' (' || usename || ')' as who from pg_stat_activity
      where datname = $1 and backend_type = 'client backend'`,
    [database],
  )
  return rows.map(({ who }) => who)
}

async function readIfFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR') return ''
    throw error
  })
}
