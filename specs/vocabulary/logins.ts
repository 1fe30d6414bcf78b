// Sessions of the roles that have privileges, and logins without any.
import { randomBytes } from 'node:crypto'
import type { Database, Session } from '../../harness/index.ts'
import { LOGINS } from './matrix.ts'

/**
 * A session of that role: its real login; for a role without a login, or that row security does not bind, the superuser's
 * SET SESSION AUTHORIZATION; for PUBLIC a login of its own that has only the privilege to connect.
 */
export async function connectAs(db: Database, role: string): Promise<Session> {
  if (role === 'PUBLIC') return connectAsUnprivilegedLogin(db)
  if (LOGINS.includes(role)) return db.as(role)
  const session = await db.connect()
  await session.query(`set session authorization ${role}`)
  return { ...session, role }
}

/** A session of the migrator that has taken another role with SET ROLE. */
export async function migratorWithRole(db: Database, role: string): Promise<Session> {
  const session = await db.as('hma_migrator')
  await session.query(`set role ${role}`)
  return session
}

/** Connects once as each login role that row security binds. */
export async function connectAsEachLogin(db: Database): Promise<void> {
  for (const role of LOGINS) await db.as(role)
}

export interface UnprivilegedLogin extends AsyncDisposable {
  name: string
}

/** Creates a login that was granted nothing; disposing drops it. */
export async function createUnprivilegedLogin(db: Database): Promise<UnprivilegedLogin> {
  const name = `unprivileged_${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  await db.query(`create role ${name} login password '${password}'`)
  db.passwords[name] = password
  return {
    name,
    async [Symbol.asyncDispose]() {
      await db.query(`drop owned by ${name}; drop role ${name}`)
    },
  }
}

async function connectAsUnprivilegedLogin(db: Database): Promise<Session> {
  const login = await createUnprivilegedLogin(db)
  await db.query(`grant connect on database ${db.name} to ${login.name}`)
  const session = await db.as(login.name)
  const close = async () => {
    await session.close()
    await login[Symbol.asyncDispose]()
  }
  return { ...session, close, [Symbol.asyncDispose]: close }
}
