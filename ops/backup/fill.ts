// Fills a new database from a dump, with pg_restore.
import { writeFile } from 'node:fs/promises'
import { connectForBackup } from './connection.ts'
import { type Part, partsOf } from './entries.ts'
import { startTool } from './postgres-tools.ts'

export interface Filling {
  /** The new database, as the superuser and as OWNER_LOGIN. */
  superuser: URL
  owner: URL
  dump: string
  /** How many tables at once. */
  jobs: number
}

/** The login that may become the owner of the tables. */
export const OWNER_LOGIN = 'hma_migrator'
/** Of every table. */
export const OWNER = 'hma_owner'
const WITHIN_MS = 24 * 3_600_000
/** Several hundred short statements, none of which waits for another table: fewer commits are faster than more jobs. */
const IN_FEW_TRANSACTIONS = '--transaction-size=1000'

/**
 * The owner of the tables makes them, loads their rows and builds what belongs to them, because Postgres evaluates what the owner wrote
 * while it does so: checks, generated columns, domains, bounds of partitions, casts. The superuser makes what only it may, and what
 * Postgres stores without evaluating it.
 */
export async function fill({ superuser, owner, dump, jobs }: Filling): Promise<void> {
  const ofOwner = new Set(await rolesOfOwner(superuser))
  const make = makerOf({ superuser, owner, dump, signal: AbortSignal.timeout(WITHIN_MS) })
  const inParallel = `--jobs=${jobs}`
  const [schemas, ...definitions] = await partsOf(dump, 'pre-data', ofOwner)
  if (schemas) await make(schemas, IN_FEW_TRANSACTIONS)
  const takeBack = await letOwnersCreate(superuser, [...ofOwner])
  for (const part of definitions) await make(part, IN_FEW_TRANSACTIONS)
  for (const section of ['data', 'post-data'] as const)
    for (const part of await partsOf(dump, section, ofOwner)) await make(part, inParallel)
  await takeBack()
}

/** Returns what makes one part of a dump, with the login of that part. Event triggers would record what the superuser makes. */
function makerOf({ superuser, owner, dump, signal }: Omit<Filling, 'jobs'> & { signal: AbortSignal }) {
  const withoutEventTriggers = new URL(superuser)
  withoutEventTriggers.searchParams.set('options', '-cevent_triggers=off')
  return async ({ by, entries }: Part, ...words: string[]): Promise<void> => {
    const list = `${dump}.list`
    await writeFile(list, `${entries.join('\n')}\n`)
    const [url, ...role] = by === 'owner' ? [owner, `--role=${OWNER}`] : [withoutEventTriggers]
    const options = ['--exit-on-error', ...role, ...words, `--use-list=${list}`]
    const tool = startTool('pg_restore', [...options, dump], { url, signal })
    tool.stdout.resume()
    await tool.ended
  }
}

/** The owner of the tables, and the roles that it can become. */
async function rolesOfOwner(url: URL): Promise<string[]> {
  const roles = await queryOnce<{ rolname: string }>(
    url,
    `select rolname from pg_roles where not rolsuper and pg_has_role($1, oid, 'set')`,
    [OWNER],
  )
  return roles.map(({ rolname }) => rolname)
}

/** A role that gets an object has to have the right to create some in its schema. Returns what takes that right back. */
async function letOwnersCreate(url: URL, roles: string[]): Promise<() => Promise<void>> {
  const rights = await queryOnce<{ give: string; take: string }>(url, RIGHTS_TO_CREATE, [roles])
  const change = (statements: string[]) =>
    queryOnce(url, ['set event_triggers = off', ...statements].join(';'))
  await change(rights.map(({ give }) => give))
  return async () => void (await change(rights.map(({ take }) => take)))
}

/** Those that the roles lack in schemas that one of them owns: the owner of a schema could grant them to each. */
const RIGHTS_TO_CREATE = `
  select format('grant create on schema %I to %I', n.nspname, r.rolname) as give,
         format('revoke create on schema %I from %I', n.nspname, r.rolname) as take
    from pg_namespace n join pg_roles o on o.oid = n.nspowner, pg_roles r
   where o.rolname = any($1) and r.rolname = any($1) and not has_schema_privilege(r.oid, n.oid, 'create')`

async function queryOnce<T extends object>(url: URL, text: string, values?: unknown[]): Promise<T[]> {
  const client = await connectForBackup(url)
  const { rows } = await client.query<T>(text, values).finally(() => client.end())
  return rows
}
