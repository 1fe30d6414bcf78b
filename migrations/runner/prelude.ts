// What only a superuser may do: the roles of the cluster (roles.sql), who may connect to a database (access.sql) and what the database
// needs from a superuser (database.sql). It runs in
// a session of its own that does nothing else, and that runs no code of a lesser role: no event trigger fires in it, and it reads and
// writes no table that a lesser role owns. All other work is done by hma_migrator, which cannot become a superuser.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { answeredWithin } from '../../config/postgres.ts'
import { type Difference, differencesFrom, readCatalog } from './drift.ts'
import type { Prelude, Script } from './files.ts'
import { asOwner } from './ledger.ts'
import { requireLocale } from './locale.ts'
import { beginAlone } from './lock.ts'
import { matchesVerifier, scramVerifier } from './scram.ts'
import { scriptError } from './script-error.ts'
import { openSuperuserSession, SCRIPT_ANSWER_MS, withSession } from './session.ts'

/** A restore waits for a runner no longer than this. */
const RESTORE_WAIT_SECONDS = 30

/** An update of an extension can bring back privileges that database.sql has revoked. */
const EXTENSIONS = `select string_agg(concat_ws(' ', extname, extversion), ', ' order by extname collate "C") from pg_extension`

/**
 * Runs the prelude and sets the passwords that differ; returns the objects that it changed in a database that it had prepared before.
 * Throws CliError (exit 5) when another prelude on this server has not ended within `waitSeconds`.
 */
export async function runPrelude(
  url: URL,
  prelude: Prelude,
  passwords: Record<string, string>,
  waitSeconds: number,
): Promise<Difference[]> {
  return withSession(openSuperuserSession(url), async (client) => {
    await requireLocale(client)
    await beginAlone(client, waitSeconds)
    const before = (await hasPrelude(client)) ? await readCatalog(client) : undefined
    await applyRoles(client, prelude.roles, passwords)
    await runScript(client, prelude.access)
    if (before === undefined || !(await isCurrent(client, prelude))) await prepareDatabase(client, prelude)
    const changed = before === undefined ? [] : await differencesFrom(client, before)
    await client.query('commit')
    return changed
  })
}

/** Only the roles of the cluster and their passwords, which a restore needs before its database. As a superuser. */
export async function ensureRoles(
  client: pg.Client,
  roles: Script,
  passwords: Record<string, string>,
): Promise<void> {
  await beginAlone(client, RESTORE_WAIT_SECONDS)
  try {
    await applyRoles(client, roles, passwords)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function applyRoles(
  client: pg.Client,
  roles: Script,
  passwords: Record<string, string>,
): Promise<void> {
  await runScript(client, roles)
  await setPasswords(client, passwords)
}

/** For a login that may not run the prelude. Throws CliError (exit 4) when this database was prepared with another one. */
export async function requirePrelude(client: pg.Client, prelude: Prelude): Promise<void> {
  const state = await stateOfPrelude(client, prelude)
  if (state === 'current') return
  throw new CliError({
    what: `roles.sql, access.sql and database.sql are ${state} in this database.`,
    next: 'run apply with HMA_SUPERUSER_PASSWORD, because only a superuser may run them.',
    exitCode: EXIT.refused,
    facts: { prelude: state },
  })
}

/** `outdated` when this database was prepared with other files, or when an extension was updated since. */
export async function stateOfPrelude(
  client: pg.Client,
  prelude: Prelude,
): Promise<'current' | 'outdated' | 'missing'> {
  if (!(await hasPrelude(client))) return 'missing'
  return (await isCurrent(client, prelude)) ? 'current' : 'outdated'
}

async function prepareDatabase(client: pg.Client, prelude: Prelude): Promise<void> {
  await runScript(client, prelude.database)
  await client.query(
    `insert into guard.prelude (checksum) values (concat_ws(' ', $1::text, (${EXTENSIONS})))
     on conflict (only_row) do update set checksum = excluded.checksum`,
    [checksumOf(prelude)],
  )
}

async function runScript(client: pg.Client, script: Script): Promise<void> {
  try {
    await client.query(answeredWithin(SCRIPT_ANSWER_MS, script.sql))
  } catch (error) {
    throw scriptError(script, error)
  }
}

/** By catalog query: to_regclass fails for a login that has no privilege on the schema. */
async function hasPrelude(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_class where relname = 'prelude' and relnamespace = (select oid from pg_namespace where nspname = 'guard')`,
  )
  return rowCount === 1
}

async function isCurrent(client: pg.Client, prelude: Prelude): Promise<boolean> {
  const [row] = await asOwner<{ current: boolean }>(
    client,
    `select checksum = concat_ws(' ', '${checksumOf(prelude)}', (${EXTENSIONS})) as current from guard.prelude`,
  )
  return row?.current ?? false
}

function checksumOf({ roles, access, database }: Prelude): string {
  return createHash('sha256').update(`${roles.sql}\0${access.sql}\0${database.sql}`).digest('hex')
}

async function setPasswords(client: pg.Client, passwords: Record<string, string>): Promise<void> {
  const { rows } = await client.query<{ rolname: string; rolpassword: string | null }>(
    'select rolname, rolpassword from pg_authid where rolname = any($1)',
    [Object.keys(passwords)],
  )
  for (const { rolname, rolpassword } of rows) {
    const password = passwords[rolname] ?? ''
    if (rolpassword !== null && matchesVerifier(password, rolpassword)) continue
    await client.query(`alter role ${client.escapeIdentifier(rolname)} password '${scramVerifier(password)}'`)
  }
}
