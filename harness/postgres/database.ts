// The database of one test: the superuser's session, and the sessions that the test opens.
import { CliError, EXIT } from '../../config/cli-error.ts'
import type { DatabaseLease } from './lease.ts'
import { openRestrictedSession, openSession, type Session } from './session.ts'

export interface Database extends Session {
  name: string
  /** For scripts that connect by themselves; contains the superuser's password. */
  url: string
  /** Passwords of the login roles, by role name. */
  passwords: Record<string, string>
  /** Logs in as that role. Throws CliError for a superuser or a role with BYPASSRLS. */
  as(role: string, options?: { timeZone?: string }): Promise<Session>
  /** One more session of the superuser. */
  connect(options?: { timeZone?: string }): Promise<Session>
}

type Place = Omit<DatabaseLease, 'id' | 'openWith'>

/** A database that nobody granted a lease of: one in a test container. The caller closes it. */
export async function openDatabase(place: Place): Promise<Database> {
  return databaseOf(place, await openSession({ ...place, database: place.name }))
}

/** Closing it closes every session that was opened through it. */
export function databaseOf(lease: Place, owner: Session): Database {
  const { name, host, port, user, password, roles } = lease
  const opened: Session[] = [owner]
  const track = async (session: Promise<Session>) => {
    opened.push(await session)
    return session
  }
  const close = async () => {
    await Promise.all(opened.map((session) => session.close()))
  }
  return {
    ...owner,
    name,
    url: `postgres://${user}:${password}@${host}:${port}/${name}`,
    passwords: roles,
    connect: (options) => track(openSession({ host, port, user, password, database: name, ...options })),
    as: async (role, options) =>
      track(
        openRestrictedSession({
          host,
          port,
          user: role,
          password: passwordOf(role, roles),
          database: name,
          ...options,
        }),
      ),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function passwordOf(role: string, roles: Record<string, string>): string {
  const password = roles[role]
  if (password !== undefined) return password
  throw new CliError({
    what: `There is no login role called ${role}.`,
    where: 'db.as(role)',
    next: `use one of: ${Object.keys(roles).join(', ')}.`,
    exitCode: EXIT.usage,
  })
}
