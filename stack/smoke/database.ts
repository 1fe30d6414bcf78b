// Postgres, as the application logs in: a role that may do little, over TCP, on the migrated database.
import pg from 'pg'
import { Failure, type Probe } from './probe.ts'

interface Login {
  url: string
  database: string
  password: string
}

/** Reads what a migrated and seeded database has for the application, and is refused what is not for it. */
export function databaseProbe({ url, database, password }: Login): Probe {
  const { hostname, port } = new URL(url)
  const login = { host: hostname, port: Number(port), database, user: 'hma_app', password }
  return {
    service: 'postgres',
    next: 'scripts/compose.sh logs postgres migrate',
    async touch(signal) {
      const client = new pg.Client({ ...login, application_name: 'hma smoke' })
      client.on('error', () => {})
      signal.addEventListener('abort', () => void client.end().catch(() => {}))
      await client.connect()
      try {
        return await question(client)
      } finally {
        client.end().catch(() => {})
      }
    },
  }
}

const DENIED = '42501'

async function question(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int as n from reference.legal_documents',
  )
  const refusal = await client.query('select password_hash from auth.users').catch(({ code }) => code)
  if (refusal !== DENIED) throw new Failure('hma_app may read password hashes')
  const count = rows[0]?.n ?? 0
  if (count === 0)
    throw new Failure('it holds no legal document: it is not seeded (scripts/setup-dev-environment.sh)')
  return `hma_app reads ${count} legal documents, and no password`
}
