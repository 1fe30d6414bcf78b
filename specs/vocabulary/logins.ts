// Sessions of the roles that privileges are about, and logins that were granted nothing.
import { randomBytes } from 'node:crypto'
import type { Database, Session } from '../../harness/index.ts'
import { LOGINS } from './matrix.ts'

/**
 * A session of that role: its real login; for a role that nobody logs in as, or that row security does not bind, the
 * superuser's SET SESSION AUTHORIZATION; for PUBLIC a login made for this session alone, which may connect and no more.
 */
export async function connectAs(db: Database, role: string): Promise<Session> {
  if (role === 'PUBLIC') return connectAsUnprivilegedLogin(db)
  if (LOGINS.includes(role)) return db.as(role)
  const session = await db.connect()
  await session.query(`set session authorization ${role}`)
  return { ...session, role }
}

export interface UnprivilegedLogin extends AsyncDisposable {
  name: string
}

/** Logs in as each role that does, and that row security binds. */
export async function connectAsEachLogin(db: Database): Promise<void> {
  for (const role of LOGINS) await db.as(role)
}

/** Makes a login of this server that was granted nothing; it is gone when disposed. */
export async function createUnprivilegedLogin(db: Database): Promise<UnprivilegedLogin> {
  const name = `stranger_${randomBytes(4).toString('hex')}`
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
  const stranger = await createUnprivilegedLogin(db)
  await db.query(`grant connect on database ${db.name} to ${stranger.name}`)
  const session = await db.as(stranger.name)
  const leave = async () => {
    await session.close()
    await stranger[Symbol.asyncDispose]()
  }
  return { ...session, close: leave, [Symbol.asyncDispose]: leave }
}
