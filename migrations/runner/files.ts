// The migration files: names, directives, checksums. An invalid file is refused before any file runs.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type Header, readHeader } from './header.ts'
import { resumptionOf } from './resumable.ts'
import { controlsTransaction, statementsOf } from './statements.ts'

export interface Migration extends Header {
  /** File name without `.up.sql`, e.g. `0002_users`. */
  name: string
  number: string
  up: string
  down: string
  /** Of the up file and the down file: both are frozen once they are merged. */
  checksum: string
}

/** One SQL text that runs as a whole, and its name for messages. */
export interface Script {
  file: string
  /** Of the migration, or of the file where it is not a migration. */
  name: string
  sql: string
  /** Settings that the script may read with current_setting. */
  settings?: Record<string, string>
}

const FILE_NAME = /^(\d{4})_[a-z][a-z0-9_]*\.(up|down)\.sql$/
/** SQL files in the folder that are not migrations. */
const OTHERS = ['roles.sql', 'access.sql', 'database.sql', 'schema.sql', 'after-apply.sql']

/** All migrations of a folder in order of their numbers. Throws CliError that names the first invalid file. */
export function readMigrations(folder: string): Migration[] {
  return listMigrations(folder).map((name) => readPair(folder, name))
}

/** Names of a folder's migrations in order; the content of the files is not read. */
export function listMigrations(folder: string): string[] {
  const files = listFolder(folder).filter((file) => file.endsWith('.sql') && !OTHERS.includes(file))
  for (const file of files)
    if (!FILE_NAME.test(file)) refuse(file, 'is not named NNNN_what.up.sql or NNNN_what.down.sql')
  const names = [...new Set(files.map((file) => file.replace(/\.(?:up|down)\.sql$/, '')))].sort()
  const unpaired = names
    .flatMap((name) => [`${name}.up.sql`, `${name}.down.sql`])
    .find((f) => !files.includes(f))
  if (unpaired) refuse(unpaired, 'is missing: every migration has an up file and a down file')
  const duplicate = names.find((name, n) => name.slice(0, 4) === names[n - 1]?.slice(0, 4))
  if (duplicate) refuse(`${duplicate}.up.sql`, 'has the number of another migration')
  return names
}

/** What runs after every apply to the newest version, such as creating the next partitions; null without such a file. */
export function readAfterApply(folder: string): Script | null {
  const file = 'after-apply.sql'
  if (!existsSync(join(folder, file))) return null
  const sql = readFileSync(join(folder, file), 'utf8')
  readStatements(file, sql)
  return { file, name: file, sql }
}

/** What a superuser runs before the migrations. */
export interface Prelude {
  /** The roles of the cluster. */
  roles: Script
  /** Who may connect to the database. */
  access: Script
  /** Extensions, schemas, event triggers. */
  database: Script
}

export function readPrelude(folder: string): Prelude {
  const read = (file: string) => {
    if (!existsSync(join(folder, file))) refuse(file, 'is missing beside the migrations')
    return { file, name: file, sql: readFileSync(join(folder, file), 'utf8') }
  }
  return { roles: read('roles.sql'), access: read('access.sql'), database: read('database.sql') }
}

export function scriptOf(migration: Migration, direction: 'up' | 'down'): Script {
  const { name } = migration
  return { file: `${name}.${direction}.sql`, name, sql: migration[direction] }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    throw new CliError({
      what: `The folder ${folder} cannot be read.`,
      next: 'give --migrations a folder.',
      exitCode: EXIT.usage,
      cause,
    })
  }
}

function readPair(folder: string, name: string): Migration {
  const read = (direction: string) => readFileSync(join(folder, `${name}.${direction}.sql`), 'utf8')
  const up = read('up')
  const down = read('down')
  const header = readHeader(up, (what) => refuse(`${name}.up.sql`, what))
  for (const [direction, sql] of Object.entries({ up, down })) {
    const statements = readStatements(`${name}.${direction}.sql`, sql)
    if (!header.transactional) requireResumable(`${name}.${direction}.sql`, statements)
  }
  const checksum = createHash('sha256').update(`${up}\0${down}`).digest('hex')
  return { name, number: name.slice(0, 4), up, down, checksum, ...header }
}

function readStatements(file: string, sql: string): string[] {
  const statements = statementsOf(sql)
  if (statements.length === 0) refuse(file, 'has no statement')
  if (statements.some(controlsTransaction))
    refuse(file, 'begins or ends a transaction, which only the runner may do')
  return statements
}

/** Outside of a transaction a kill leaves a partial change, so only statements that can be resumed are accepted. */
function requireResumable(file: string, statements: string[]): void {
  const [only = '', second] = statements
  if (second !== undefined) refuse(file, 'is marked no-transaction and has more than one statement')
  if (resumptionOf(only) === null)
    refuse(
      file,
      'is marked no-transaction, but only concurrent statements with qualified names can be resumed',
    )
}

function refuse(file: string, what: string): never {
  throw new CliError({
    what: `${file} ${what}.`,
    next: 'correct that file, then run again.',
    exitCode: EXIT.refused,
    facts: { file },
  })
}
