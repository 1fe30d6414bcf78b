// Fills a new database from a dump, with pg_restore.
import { writeFile } from 'node:fs/promises'
import { connectForBackup } from './connection.ts'
import { type Part, planOf } from './entries.ts'
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
 * The owner of the tables makes what it and the roles that it can become own, because Postgres evaluates what they wrote while it reads
 * a definition, loads rows or checks them: constants, checks, generated columns, domains, bounds of partitions, casts. The superuser
 * makes what it owns itself, and what has no expression.
 */
export async function fill({ superuser, owner, dump, jobs }: Filling): Promise<void> {
  const owners = await rolesOfOwner(superuser)
  const make = makerOf({ superuser, owner, dump, signal: AbortSignal.timeout(WITHIN_MS) })
  const inParallel = `--jobs=${jobs}`
  const { definitions, rows, rest } = await planOf(dump, OWNER, new Set(owners))
  const [schemas, ...inSchemas] = definitions
  if (schemas) await make(schemas, IN_FEW_TRANSACTIONS)
  const takeBack = await letOwnersCreate(superuser, owners)
  for (const part of inSchemas) await make(part, IN_FEW_TRANSACTIONS)
  for (const part of [...rows, ...rest]) await make(part, inParallel)
  await takeBack()
}

/** Returns what makes one part of a dump, with the role of that part. Event triggers would record what the superuser makes. */
function makerOf({ superuser, owner, dump, signal }: Omit<Filling, 'jobs'> & { signal: AbortSignal }) {
  const withoutEventTriggers = new URL(superuser)
  withoutEventTriggers.searchParams.set('options', '-cevent_triggers=off')
  return async ({ role, entries }: Part, ...words: string[]): Promise<void> => {
    const list = `${dump}.list`
    await writeFile(list, `${entries.join('\n')}\n`)
    const ofRole = role === undefined ? [] : [`--role=${role}`]
    const options = ['--exit-on-error', ...ofRole, ...words, `--use-list=${list}`]
    const url = role === undefined ? withoutEventTriggers : owner
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

/** A role has to have these rights in the schema of what it makes or gets. Returns what takes them back. */
async function letOwnersCreate(url: URL, roles: string[]): Promise<() => Promise<void>> {
  const rights = await queryOnce<{ give: string; take: string }>(url, MISSING_RIGHTS, [roles])
  const change = (statements: string[]) =>
    queryOnce(url, ['set event_triggers = off', ...statements].join(';'))
  await change(rights.map(({ give }) => give))
  return async () => void (await change(rights.map(({ take }) => take)))
}

/** In every schema, because a superuser can have made something there for each role. What else comes to be there, the comparison finds. */
const MISSING_RIGHTS = `
  select format('grant %s on schema %I to %I', privilege, nspname, role) as give,
         format('revoke %s on schema %I from %I', privilege, nspname, role) as take
    from pg_namespace n, unnest($1::text[]) as role, unnest(array['usage', 'create']) as privilege
   where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not has_schema_privilege(role, n.oid, privilege)`

async function queryOnce<T extends object>(url: URL, text: string, values?: unknown[]): Promise<T[]> {
  const client = await connectForBackup(url)
  const { rows } = await client.query<T>(text, values).finally(() => client.end())
  return rows
}
