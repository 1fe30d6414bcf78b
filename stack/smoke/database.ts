// Probe of Postgres as the application uses it: the role hma_app, over TCP, on the migrated database.
import type pg from 'pg'
import { connect } from '../../config/postgres.ts'
import type { Probe } from './probe.ts'

interface Login {
  url: string
  environment: string
  database: string
  password: string
}

/** Reads the legal documents of a migrated and seeded database; reading password hashes must be refused. */
export function databaseProbe({ url, environment, database, password }: Login): Probe {
  const login = Object.assign(new URL(url), { username: 'hma_app', password, pathname: database })
  return {
    next: 'scripts/compose.sh logs postgres migrate',
    async run(signal, withinMs) {
      const client = await connect(login, {
        applicationName: 'hma smoke',
        connectTimeoutMs: withinMs,
        statementTimeoutMs: withinMs,
      })
      const end = () => void client.end().catch(() => {})
      signal.addEventListener('abort', end)
      try {
        return `${environment} database ${database} at ${login.host}, as hma_app: ${await checkRights(client)}`
      } finally {
        end()
      }
    },
  }
}

const DENIED = '42501'

/** Sorts 8 MiB with less memory than that, so that the server writes them to its disk, past every cache, and removes them again. */
const WRITE = `select count(*) from (select repeat('x', 1000) || n as text from generate_series(1, 8000) as n order by 1) as sorted`

async function checkRights(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int as n from reference.legal_documents',
  )
  const denied = await client.query('select password_hash from auth.users').catch(({ code }) => code)
  if (denied !== DENIED) throw new Error('hma_app may read password hashes')
  const { rows: modes } = await client.query<{ readOnly: string }>(
    `select current_setting('transaction_read_only') as "readOnly"`,
  )
  if (modes[0]?.readOnly !== 'off') throw new Error('it accepts no write')
  await client.query(`set work_mem = '64kB'`)
  await client.query(WRITE)
  const count = rows[0]?.n ?? 0
  if (count === 0)
    throw new Error('it has no legal document: it is not seeded (scripts/setup-dev-environment.sh)')
  return `reads ${count} legal documents, and no password hash`
}
