// Umzug says which migrations are executed and which are pending, and runs them in order; its storage reads our ledger.
import type pg from 'pg'
import { MigrationError, Umzug, type UmzugStorage } from 'umzug'
import type { Migration } from './files.ts'
import { readLedger } from './ledger.ts'
import type { Output } from './output.ts'
import { type Direction, runMigration } from './run.ts'

export interface Migrator {
  /** Names of the migrations that are not applied to the end, in order of the files. */
  pending(): Promise<string[]>
  /** Names of the others. */
  executed(): Promise<string[]>
  /** Applies these, in the order given. Throws CliError. */
  up(names: string[]): Promise<void>
  /** Undoes these, in the order given. Throws CliError. */
  down(names: string[]): Promise<void>
}

/** For these migrations and no others; reports each one that has run, with its time. */
export function createMigrator(client: pg.Client, migrations: Migration[], output?: Output): Migrator {
  const run = async (migration: Migration, direction: Direction) => {
    const durationMs = await runMigration(client, migration, direction)
    const event = direction === 'up' ? 'applied' : 'undone'
    output?.progress(
      { event, name: migration.name, durationMs },
      `${event} ${migration.name} in ${durationMs} ms`,
    )
  }
  const umzug = new Umzug({
    migrations: migrations.map((migration) => ({
      name: migration.name,
      up: () => run(migration, 'up'),
      down: () => run(migration, 'down'),
    })),
    storage: ledgerStorage(client),
    logger: undefined,
  })
  return {
    pending: async () => (await umzug.pending()).map(({ name }) => name),
    executed: async () => (await umzug.executed()).map(({ name }) => name),
    up: (names) => withOwnError(umzug.up({ migrations: names })),
    // ALLOW, because an interrupted migration is pending for Umzug, and down may remove what it left.
    down: (names) => withOwnError(umzug.down({ migrations: names, rerun: 'ALLOW' })),
  }
}

/** Interrupted migrations are not executed, so that up runs them again. */
function ledgerStorage(client: pg.Client): UmzugStorage {
  return {
    executed: async () => {
      const done = (await readLedger(client)).filter(({ state }) => state === 'done')
      return done.map(({ name }) => name)
    },
    // Umzug calls these after the migration, when its transaction has ended. The ledger row is written inside that transaction, so
    // that a killed runner leaves both or none.
    logMigration: async () => {},
    unlogMigration: async () => {},
  }
}

/** Umzug wraps the error of a migration, which would hide its exit code. */
async function withOwnError(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw error instanceof MigrationError ? error.cause : error
  }
}
