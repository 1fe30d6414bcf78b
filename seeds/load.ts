// Loads seed files, each in a transaction of its own.
import { join } from 'node:path'
import type pg from 'pg'
import { CliError, EXIT } from '../config/cli-error.ts'
import { type SqlError, statementError } from '../config/postgres-error.ts'
import { readProjectFile } from '../config/text-file.ts'

export const SEEDS = ['reference', 'people', 'models'] as const
export type Seed = (typeof SEEDS)[number]

export interface LoadedSeed {
  seed: Seed
  /** How many rows are new. */
  rows: number
  milliseconds: number
}

/** Test users have a password that everybody knows; example models have no artefact. Their seed files check this, too. */
const ENVIRONMENTS_WITH_TEST_DATA = ['development', 'test']
const RULES = ['test_users_stay_out_of_production', 'example_models_stay_out_of_production']
const isTestData = (seed: Seed) => seed !== 'reference'

/** By SQLSTATE. */
const NEXT_ACTS = {
  '42501': 'log in as hma_migrator.',
  '42P01': 'scripts/migrate.sh apply',
  '3F000': 'scripts/migrate.sh apply',
  '22023': 'scripts/migrate.sh apply',
  '23001': 'give the changed text a new version; a published version does not change.',
  '55000': 'scripts/seed.sh all; if the error remains, scripts/migrate.sh apply',
  '55P03': 'run again when the lock is released.',
  default: 'correct that file; no change of it remains.',
}

/** The texts of these seeds. Throws CliError (exit 2) for the first that cannot be read. */
export function readSeeds(seeds: readonly Seed[]): [seed: Seed, text: string][] {
  return seeds.map((seed) => [seed, readProjectFile(join(import.meta.dirname, `${seed}.sql`))])
}

/** The number of new rows by seed. Throws CliError: exit 4 where test data are refused, 2 for a file; then nothing is loaded. */
export async function loadSeeds(
  client: pg.Client,
  seeds: readonly Seed[],
  onLoaded: (loaded: LoadedSeed) => void,
): Promise<Partial<Record<Seed, number>>> {
  const texts = readSeeds(seeds)
  if (seeds.some(isTestData)) await requireTestEnvironment(client)
  const loaded: Partial<Record<Seed, number>> = {}
  for (const [seed, text] of texts) {
    const started = performance.now()
    const rows = await load(client, seed, text)
    onLoaded({ seed, rows, milliseconds: Math.round(performance.now() - started) })
    loaded[seed] = rows
  }
  return loaded
}

/** The number of rows it inserted. Throws CliError; no change of the file remains then. */
async function load(client: pg.Client, seed: Seed, text: string): Promise<number> {
  try {
    const results = (await client.query(text)) as unknown as pg.QueryResult[]
    return results
      .filter(({ command }) => command === 'INSERT')
      .reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
  } catch (error) {
    if (RULES.includes((error as SqlError).constraint ?? ''))
      throw seedsNotAllowed('the database itself refuses them')
    throw statementError(error, { subject: `${seed}.sql`, next: NEXT_ACTS })
  }
}

async function requireTestEnvironment(client: pg.Client): Promise<void> {
  const environment = await environmentOf(client)
  if (ENVIRONMENTS_WITH_TEST_DATA.includes(environment ?? '')) return
  throw seedsNotAllowed(
    `${client.database} is ${environment === null ? 'not marked' : `marked ${environment}`}`,
  )
}

/** What the database is marked as; null where it is not marked, as before the first migration. */
async function environmentOf(client: pg.Client): Promise<string | null> {
  try {
    await client.query('set role hma_owner')
    const { rows } = await client.query<{ name: string }>('select name from ops.environment')
    // Not after an error: nothing is loaded then, and a silent server would be waited for a second time.
    await client.query('reset role')
    return rows[0]?.name ?? null
  } catch (error) {
    if (['42P01', '3F000', '22023'].includes((error as SqlError).code ?? '')) return null
    throw statementError(error, { subject: 'reading ops.environment', next: NEXT_ACTS })
  }
}

function seedsNotAllowed(why: string): CliError {
  return new CliError({
    what: `Test users and example models are refused: ${why} (rules ${RULES.join(', ')}).`,
    next: 'in a database for development, HMA_ENVIRONMENT=development scripts/migrate.sh apply.',
    exitCode: EXIT.refused,
  })
}
