// One more database on the server of a spec, made with other options.
import { randomBytes } from 'node:crypto'
import { type Database, openBoundedClient, openDatabase } from '../../harness/index.ts'

export interface OtherDatabase extends Pick<Database, 'url' | 'passwords'>, AsyncDisposable {
  /** Whether the schema exists. */
  hasSchema(name: string): Promise<boolean>
}

/** `options` stand behind `create database`; disposing drops it. */
export async function createDatabase(server: Database, options: string): Promise<OtherDatabase> {
  const name = `other_${randomBytes(4).toString('hex')}`
  await server.query(`create database ${name} template template0 ${options}`)
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href
  return {
    url,
    passwords: server.passwords,
    async hasSchema(schema) {
      const client = await openBoundedClient({ connectionString: url })
      const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [schema])
      await client.end()
      return rowCount === 1
    },
    async [Symbol.asyncDispose]() {
      await server.query(`drop database ${name} with (force)`)
    },
  }
}

/** A session of the superuser in it. */
export function openOther({ url, passwords }: OtherDatabase): Promise<Database> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  return openDatabase({ host, port: Number(port), user, password, name: pathname.slice(1), roles: passwords })
}
