// Roles belong to the cluster and not to a database, so they are not a migration but an idempotent prelude. It runs under a lock
// that holds across databases, because two databases of one server may be migrated at the same time.
import type pg from 'pg'
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { Script } from './files.ts'
import { matchesVerifier, scramVerifier } from './scram.ts'
import { scriptError } from './script-error.ts'
import { RESET_SESSION, useRunnerSettings } from './session.ts'

/** Everything the prelude may change, as one text. */
const ROLE_STATE = `select concat(
    (select string_agg(r::text, ';' order by r.rolname) from pg_roles r where rolname !~ '^pg_'),
    (select string_agg(m::text, ';' order by m::text) from pg_auth_members m),
    (select string_agg(s::text, ';' order by s::text) from pg_db_role_setting s)) as roles`

/** Runs the prelude and sets passwords that differ. True when the prelude changed anything. Throws CliError. */
export async function ensureRoles(
  client: pg.Client,
  prelude: Script,
  passwords: Record<string, string>,
): Promise<boolean> {
  if (!(await isSuperuser(client))) {
    await requireRoles(client, Object.keys(passwords))
    return false
  }
  await client.query(
    `${RESET_SESSION}; begin; set local lock_timeout = '30s'; lock table pg_catalog.pg_authid in share row exclusive mode`,
  )
  try {
    const before = await client.query(ROLE_STATE)
    await client.query(prelude.sql)
    const after = await client.query(ROLE_STATE)
    await setPasswords(client, passwords)
    await client.query('commit')
    await useRunnerSettings(client)
    return before.rows[0].roles !== after.rows[0].roles
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw scriptError(prelude, error)
  }
}

async function isSuperuser(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user')
  return rows[0].rolsuper
}

async function requireRoles(client: pg.Client, names: string[]): Promise<void> {
  const { rows } = await client.query('select rolname from pg_roles where rolname = any($1)', [
    ['hma_owner', ...names],
  ])
  const missing = ['hma_owner', ...names].filter((name) => !rows.some(({ rolname }) => rolname === name))
  if (missing.length === 0) return
  throw new CliError({
    what: `The roles ${missing.join(', ')} do not exist.`,
    next: 'apply once as a superuser, who may create them.',
    exitCode: EXIT.refused,
    facts: { roles: missing },
  })
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
