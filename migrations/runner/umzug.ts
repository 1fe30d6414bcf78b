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
  const toStep = (migration: Migration) => {
    const run = async () => {
      const durationMs = await runMigration(client, migration, direction)
      const done = direction === 'up' ? 'applied' : 'undone'
      report.event(
        { event: done, name: migration.name, durationMs },
        `${done} ${migration.name} in ${durationMs} ms`,
      )
    }
    return { name: migration.name, up: run, down: run }
  }
  const names = plan.map(({ name }) => name)
  const umzug = new Umzug({
    migrations: (direction === 'up' ? plan : plan.toReversed()).map(toStep),
    logger: undefined,
    storage: {
      executed: async () => (direction === 'up' ? [] : names.toReversed()),
      logMigration: async () => {},
      unlogMigration: async () => {},
    },
  })
  try {
    if (direction === 'up') await umzug.up({ migrations: names })
    else await umzug.down({ migrations: names })
  } catch (error) {
    // Umzug wraps what a migration threw, and would bury its exit code.
    throw error instanceof MigrationError ? error.cause : error
  }
}
