// Verbs for the migration runner, which specs run as a user does: by its command line.
import { readdirSync, readFileSync } from 'node:fs'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Outcome, Project } from '../../harness/index.ts'
import { catalogQuery } from '../../migrations/runner/fingerprint.ts'

type Login = Pick<Database, 'url' | 'passwords'>

/** Variables with which the runner prepares and migrates this database and sets the passwords of the login roles. */
export function environmentOf(db: Login): Record<string, string> {
  return {
    HMA_DATABASE_URL: urlForRole(db, 'hma_migrator'),
    HMA_SUPERUSER_PASSWORD: new URL(db.url).password,
    HMA_ENVIRONMENT: 'test',
    HMA_MIGRATOR_PASSWORD: db.passwords.hma_migrator ?? '',
    HMA_APP_PASSWORD: db.passwords.hma_app ?? '',
    HMA_ANALYTICS_PASSWORD: db.passwords.analytics_reader ?? '',
    HMA_ML_PASSWORD: db.passwords.hma_ml ?? '',
    HMA_MONITOR_PASSWORD: db.passwords.hma_monitor ?? '',
    HMA_BACKUP_PASSWORD: db.passwords.hma_backup ?? '',
  }
}

/** Runs `scripts/migrate.sh` with these arguments against this database. */
export function migrate(project: Project, db: Login, ...args: string[]): Promise<Outcome> {
  return project.run('scripts/migrate.sh', args, { environment: environmentOf(db) })
}

/** Runs it without the superuser's password. */
export function migrateAsMigrator(project: Project, db: Login, ...args: string[]): Promise<Outcome> {
  const environment = { HMA_DATABASE_URL: urlForRole(db, 'hma_migrator') }
  return project.run('scripts/migrate.sh', args, { environment })
}

/** The URL of this database for one of its login roles. */
export function urlForRole(db: Login, role: string): string {
  return Object.assign(new URL(db.url), { username: role, password: db.passwords[role] ?? '' }).href
}

/** The JSON object that a run with --json prints. */
export function resultOf({ stdout }: Outcome) {
  return JSON.parse(stdout)
}

export async function statusOf(project: Project, db: Database, ...args: string[]) {
  return resultOf(await migrate(project, db, 'status', '--json', ...args))
}

/** Runs `status` with these variables, too. */
export function statusWith(
  project: Project,
  db: Database,
  variables: Record<string, string>,
): Promise<Outcome> {
  return project.run('scripts/migrate.sh', ['status', '--json'], {
    environment: { ...environmentOf(db), ...variables },
  })
}

const fileOf = (project: Project, name: string, direction: 'up' | 'down') =>
  join(project.root, 'migrations', `${name}.${direction}.sql`)

/** Adds a migration to the project; returns its name. */
export async function addMigration(
  project: Project,
  name: string,
  up: string,
  down = 'select 1;',
): Promise<string> {
  const title = `-- ${name.replace('_', ' ')}\n`
  await writeFile(fileOf(project, name, 'up'), `${title}${up}\n`)
  await writeFile(fileOf(project, name, 'down'), `${title}${down}\n`)
  return name
}

/** Writes one file beside the migrations. */
export async function addMigrationFile(project: Project, file: string, content: string): Promise<void> {
  await writeFile(join(project.root, 'migrations', file), content)
}

/** Adds a comment to one of its files. */
export async function editMigration(project: Project, name: string, direction: 'up' | 'down'): Promise<void> {
  await appendFile(fileOf(project, name, direction), '-- edited\n')
}

export async function removeMigration(project: Project, name: string): Promise<void> {
  await Promise.all([rm(fileOf(project, name, 'up')), rm(fileOf(project, name, 'down'))])
}

/** Adds a script that runs after every apply. */
export async function addAfterApply(project: Project, sql: string): Promise<void> {
  await writeFile(join(project.root, 'migrations', 'after-apply.sql'), sql)
}

/** Names in the ledger, in order. */
export async function ledgerOf(db: Database): Promise<string[]> {
  return db.column('select name from ops.schema_migration order by name')
}

/** Names of all migrations of a folder, in order. */
export function allMigrations(root = '.'): string[] {
  const files = readdirSync(join(root, 'migrations')).filter((file) => file.endsWith('.up.sql'))
  return files.map((file) => file.replace('.up.sql', '')).sort()
}

/** Names of the migrations without those of opt-in groups, in order. */
export function defaultMigrations({ root }: Project): string[] {
  return allMigrations(root).filter((name) => groupOf(root, name) === undefined)
}

function groupOf(root: string, name: string): string | undefined {
  return /^-- opt-in: *(\S+)/m.exec(readFileSync(join(root, 'migrations', `${name}.up.sql`), 'utf8'))?.[1]
}

/** Arguments that apply everything up to a migration, including opt-in groups; `0` is before the first. */
export function applyUpTo(name: string): string[] {
  const groups = new Set(allMigrations().flatMap((migration) => groupOf('.', migration) ?? []))
  return ['apply', '--to', name, ...[...groups].flatMap((group) => ['--with', group])]
}

/** The migration before this one, or `0`. */
export function previousMigration(name: string): string {
  const all = allMigrations()
  return all[all.indexOf(name) - 1] ?? '0'
}

type Query = typeof catalogQuery

/** The query of the runner in a copy of the project, where a fault may have changed it. */
async function catalogQueryOf({ root }: Project): Promise<Query> {
  const runner: { catalogQuery: Query } = await import(join(root, 'migrations/runner/fingerprint.ts'))
  return runner.catalogQuery
}

/** Every object of the catalog with a digest of its definition, by the query of the runner. */
export async function catalogOf(db: Database, query = catalogQuery): Promise<unknown[]> {
  await db.query(`set search_path = ''`)
  return db.query(`select * from (${await query(async (text) => db.query(text))}) o order by kind, identity`)
}

/**
 * Kind and name of each object in which the catalog differs after these statements, which are then rolled back, by the query of
 * the runner in that project.
 */
export async function differencesAfter(
  project: Project,
  db: Database,
  statements: string,
): Promise<string[]> {
  const query = await catalogQueryOf(project)
  await db.query('begin')
  const before = await linesOfCatalog(db, query)
  await db.query(statements)
  const after = await linesOfCatalog(db, query)
  await db.query('rollback')
  const changed = [...before]
    .filter((line) => !after.has(line))
    .concat([...after].filter((line) => !before.has(line)))
  return [...new Set(changed.map((line) => line.slice(0, line.lastIndexOf(' '))))]
}

/** Each object as its kind, its name and its digest. */
async function linesOfCatalog(db: Database, query: Query): Promise<Set<string>> {
  const rows = await catalogOf(db, query)
  return new Set(
    (rows as Record<string, string>[]).map(({ kind, identity, digest }) => `${kind} ${identity} ${digest}`),
  )
}
