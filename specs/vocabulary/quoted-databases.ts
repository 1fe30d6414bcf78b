// A database with a name that SQL has to quote: with a capital letter and a hyphen, as an administrator may choose it.
import { randomBytes } from 'node:crypto'
import type { Database } from '../../harness/index.ts'

type QuotedDatabase = Pick<Database, 'url' | 'passwords'> & AsyncDisposable

/** An empty one on the server of that database; disposing drops it. */
export async function createQuotedDatabase(server: Database): Promise<QuotedDatabase> {
  const name = `Trial-${randomBytes(4).toString('hex')}`
  await server.query(`create database "${name}" template template0`)
  return {
    url: Object.assign(new URL(server.url), { pathname: `/${name}` }).href,
    passwords: server.passwords,
    async [Symbol.asyncDispose]() {
      await server.query(`drop database "${name}" with (force)`)
    },
  }
}
