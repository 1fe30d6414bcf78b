// Loads seed files, each a transaction of its own; scripts/seed.sh --help is the manual.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { CliError, EXIT } from '../config/cli-error.ts'
import { readDatabaseUrl } from '../config/database-url.ts'
import { connect, isAnswer } from '../config/postgres.ts'
import { readWish, type Seed, type Wish } from './settings.ts'

const PLAN = { program: 'hma seed', statementWithinMs: 50_000, lockWithinMs: 10_000 }

/** Where people whose password everybody knows may live. The file refuses the rest by itself, too. */
const OPEN_TO_TEST_PEOPLE = ['development', 'test']
const RULE = 'test_people_stay_out_of_production'

/** By SQLSTATE. */
const NEXT_ACTS: Record<string, string> = {
  '42501': 'log in as a superuser, or as hma_migrator where row security is off.',
  '42P01': 'scripts/migrate.sh apply',
  '3F000': 'scripts/migrate.sh apply',
  '22023': 'scripts/migrate.sh apply',
  '23001': 'give the changed text a new version; a published one stays.',
  '55000': 'scripts/seed.sh all; if that says the same, scripts/migrate.sh apply',
  '55P03': 'wait for whoever holds the lock, then load again.',
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof CliError)) throw error
  process.stderr.write(`${error.linesFor('seed')}\n`)
  return error.exitCode
})

async function main(words: string[]): Promise<number> {
  const wish = readWish(words)
  const target = readDatabaseUrl(process.env)
  const client = await connect(target, PLAN)
  try {
    await loadAll(client, wish, target.pathname.slice(1))
    return 0
  } finally {
    client.end().catch(() => {})
  }
}

async function loadAll(client: pg.Client, { seeds, json }: Wish, database: string): Promise<void> {
  if (seeds.includes('people')) await refuseUnlessForTests(client, database)
  const loaded: Partial<Record<Seed, number>> = {}
  for (const seed of seeds) {
    const began = performance.now()
    const rows = await load(client, seed)
    const milliseconds = Math.round(performance.now() - began)
    loaded[seed] = rows
    const event = { event: 'loaded', seed, rows, milliseconds }
    const line = `${seed}: ${rows === 0 ? 'nothing new' : `${rows} new rows`} in ${milliseconds} ms`
    process.stderr.write(`${json ? JSON.stringify(event) : line}\n`)
  }
  if (json) process.stdout.write(`${JSON.stringify({ loaded })}\n`)
}

/** Number of rows it wrote. Throws CliError; nothing of the file stays then. */
async function load(client: pg.Client, seed: Seed): Promise<number> {
  const text = readFileSync(join(import.meta.dirname, `${seed}.sql`), 'utf8')
  try {
    const results = (await client.query(text)) as unknown as pg.QueryResult[]
    return results
      .filter(({ command }) => command === 'INSERT')
      .reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
  } catch (error) {
    throw whyFailed(`${seed}.sql`, error)
  }
}

async function refuseUnlessForTests(client: pg.Client, database: string): Promise<void> {
  const mark = await markOf(client)
  if (OPEN_TO_TEST_PEOPLE.includes(mark ?? '')) return
  throw outOfProduction(mark === null ? `${database} is not marked` : `${database} is marked ${mark}`)
}

/** What kind of database this is; null where nobody has said so, as before the first migration. */
async function markOf(client: pg.Client): Promise<string | null> {
  const becomeOwner = `select set_config('role', 'hma_owner', false) from pg_catalog.pg_roles
    where rolname = session_user and not rolsuper`
  try {
    await client.query(becomeOwner)
    const { rows } = await client.query<{ name: string }>('select name from ops.environment')
    return rows[0]?.name ?? null
  } catch (error) {
    const { code } = error as { code?: string }
    if (['42P01', '3F000', '22023'].includes(code ?? '')) return null
    throw whyFailed('ops.environment', error)
  } finally {
    await client.query('reset role').catch(() => {})
  }
}

function outOfProduction(why: string): CliError {
  return new CliError({
    what: `Test people stay out: ${why} (rule ${RULE}).`,
    next: 'in a database for development, HMA_ENVIRONMENT=development scripts/migrate.sh apply.',
    exitCode: EXIT.refused,
  })
}

/** Names file, SQLSTATE and rule. DETAIL is left out: Postgres puts row data there. */
function whyFailed(file: string, error: unknown): CliError {
  const { code = '', constraint, message } = error as { code?: string; constraint?: string; message: string }
  if (constraint === RULE) return outOfProduction('the database says so itself')
  if (!isAnswer(error)) {
    const next = 'bring it up, then load again: nothing half-done stays.'
    return new CliError({
      what: `The server went at ${file} (${code || message}).`,
      next,
      exitCode: EXIT.unreachable,
      cause: error,
    })
  }
  const rule = constraint ? `, rule ${constraint}` : ''
  return new CliError({
    what: `${file} failed: ${message} (SQLSTATE ${code}${rule}).`,
    next: nextAct(code),
    exitCode: EXIT.failed,
    cause: error,
  })
}

function nextAct(code: string): string {
  return NEXT_ACTS[code] ?? 'mend that file; nothing of it stays.'
}
