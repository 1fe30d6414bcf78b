// The logins of a server that a restore uses beside the superuser. What the owner of the tables wrote (a view in the place of a table,
// a function, a cast) runs in their sessions alone: in that of a superuser it could do whatever a superuser can.
import type pg from 'pg'

/** The one reads, one fills the tables and verifies the audit log, and one tries what the application does. */
export const RESTORE_LOGINS = ['hma_backup', 'hma_migrator', 'hma_app'] as const

type RestoreLogin = (typeof RESTORE_LOGINS)[number]

/** Reads everything, and can do nothing else. */
export const READER = 'hma_backup' satisfies RestoreLogin

/** Connects to a database as one of them. */
export type ConnectAs = (login: RestoreLogin) => Promise<pg.Client>

/** Works in a session of that login, and closes it. */
export async function withLogin<T>(
  connectAs: ConnectAs,
  login: RestoreLogin,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectAs(login)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
