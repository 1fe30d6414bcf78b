// The verbs specs use for the migration runner, which they meet as a user does: by its command line.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Outcome, Project } from '../../harness/index.ts'

/** What the runner reads from its environment to reach this database and set the login roles' passwords. */
export function environmentOf(db: Database): Record<string, string> {
  return {
    HMA_DATABASE_URL: db.url,
    HMA_ENVIRONMENT: 'test',
    HMA_MIGRATOR_PASSWORD: db.passwords.hma_migrator ?? '',
    HMA_APP_PASSWORD: db.passwords.hma_app ?? '',
    HMA_ANALYTICS_PASSWORD: db.passwords.analytics_reader ?? '',
    HMA_ML_PASSWORD: db.passwords.hma_ml ?? '',
    HMA_BACKUP_PASSWORD: db.passwords.hma_backup ?? '',
  }
}

/** Runs `scripts/migrate.sh` with these parts against this database. */
export function migrate(project: Project, db: Database, ...parts: string[]): Promise<Outcome> {
  return project.run('scripts/migrate.sh', parts, { environment: environmentOf(db) })
}

/** Adds a migration that sorts after every other; returns its name. */
export async function addMigration(
  project: Project,
  name: string,
  up: string,
  down = 'select 1;',
): Promise<string> {
  await writeFile(join(project.root, 'migrations', `${name}.up.sql`), `-- ${name.replace('_', ' ')}\n${up}\n`)
  await writeFile(
    join(project.root, 'migrations', `${name}.down.sql`),
    `-- ${name.replace('_', ' ')}\n${down}\n`,
  )
  return name
}

/** Names in the ledger, in order. */
export async function ledgerOf(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string }>('select name from ops.schema_migration order by name')
  return rows.map(({ name }) => name)
}

/** Names of the migrations that apply without an opt-in, in order. */
export async function migrationsOf(project: Project): Promise<string[]> {
  const names: string[] = []
  for (const file of (await readdir(join(project.root, 'migrations'))).sort()) {
    if (!file.endsWith('.up.sql')) continue
    const text = await readFile(join(project.root, 'migrations', file), 'utf8')
    if (!/^-- opt-in:/m.test(text)) names.push(file.replace('.up.sql', ''))
  }
  return names
}

/** What an apply that does nothing must not touch: every ledger row and every catalog row, by its last writer. */
export async function footprintOf(db: Database): Promise<unknown[]> {
  return db.query(`
    select 'ledger' as what, name::text as which, xmin::text as writer from ops.schema_migration
    union all select 'class', oid::regclass::text, xmin::text from pg_class where relpersistence = 'p'
    union all select 'function', oid::text, xmin::text from pg_proc
    union all select 'role', rolname::text, xmin::text from pg_authid where rolname !~ '^pg_'
    order by 1, 2`)
}
