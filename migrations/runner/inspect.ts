// What every command begins with: the files and the ledger, and what is pending.
import type pg from 'pg'
import type { Environment } from './environment.ts'
import type { Migration } from './files.ts'
import { type LedgerRow, readLedger } from './ledger.ts'
import { createMigrator, type Migrator } from './migrator.ts'
import type { Output } from './output.ts'
import { type Comparison, compare, mayApply } from './plan.ts'

/** What a command works with. */
export interface Program {
  environment: Environment
  output: Output
}

interface Inspection {
  ledger: LedgerRow[]
  comparison: Comparison
  migrator: Migrator
}

/** Compares files, ledger and what Umzug says of the files. */
export async function inspect(
  client: pg.Client,
  files: Migration[],
  groups: ReadonlySet<string>,
  output?: Output,
): Promise<Inspection> {
  const ledger = await readLedger(client)
  const migrator = createMigrator(client, mayApply(files, ledger, groups), output)
  const [pending, executed] = [await migrator.pending(), await migrator.executed()]
  return { ledger, comparison: compare(files, ledger, { pending, executed }), migrator }
}

/** Opt-in groups to apply: those of the command line, and rls where HMA_RLS is on. */
export function wantedGroups({ with: named }: { with: string[] }, { rls }: Environment): ReadonlySet<string> {
  return new Set([...named, ...(rls ? ['rls'] : [])])
}

export function namesOf(migrations: { name: string }[]): string[] {
  return migrations.map(({ name }) => name)
}
