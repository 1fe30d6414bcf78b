// Umzug runs the planned migrations in order. Its own log hook does nothing: it is called after `up` has ended, when
// the transaction is over, so each migration writes its ledger row itself.
import type pg from 'pg'
import { MigrationError, Umzug } from 'umzug'
import type { Migration } from './files.ts'
import type { Report } from './report.ts'
import { type Direction, runMigration } from './run.ts'

/** Runs these migrations, in the order given, and reports each with its time. */
export async function runPlanned(
  client: pg.Client,
  plan: Migration[],
  direction: Direction,
  report: Report,
): Promise<void> {
  const done = direction === 'up' ? 'applied' : 'undone'
  const run = async (migration: Migration) => {
    const durationMs = await runMigration(client, migration, direction)
    const { name } = migration
    report.event({ event: done, name, durationMs }, `${done} ${name} in ${durationMs} ms`)
  }
  const umzug = new Umzug({
    migrations: plan.map((migration) => ({ name: migration.name, up: () => run(migration) })),
    logger: undefined,
    storage: {
      executed: async () => [],
      logMigration: async () => {},
      unlogMigration: async () => {},
    },
  })
  try {
    await umzug.up()
  } catch (error) {
    // Umzug wraps what a migration threw, and would bury its exit code.
    throw error instanceof MigrationError ? error.cause : error
  }
}
