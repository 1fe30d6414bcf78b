// The migration files: names, directives, checksums. An invalid file is refused before any file runs.
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { readPlainFile } from '../../config/text-file.ts'
import { type Header, readHeader, refuseDirectives } from './header.ts'
import { resumptionOf } from './resumable.ts'
import { controlsTransaction, splitStatements } from './statements.ts'

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
/** A file that is named like this and is none of the known ones would be passed over in silence. */
const LOOKS_LIKE_ONE = /\.sql|^\d+_/i
/** SQL files in the folder that are not migrations. */
const OTHERS = ['roles.sql', 'access.sql', 'database.sql', 'schema.sql', 'after-apply.sql']

const CORRECT = 'correct that file, then run again.'

/** All migrations of a folder in order of their numbers. Throws CliError that names the first invalid file. */
export function readMigrations(folder: string): Migration[] {
  return listMigrations(folder).map((name) => readPair(folder, name))
}

/** Names of a folder's migrations in order; the content of the files is not read. */
export function listMigrations(folder: string): string[] {
  const files = listFolder(folder).filter((file) => LOOKS_LIKE_ONE.test(file) && !OTHERS.includes(file))
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
  const sql = readSql(folder, file)
  if (sql === undefined) return null
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
    const sql = readSql(folder, file) ?? refuse(file, 'is missing beside the migrations')
    return { file, name: file, sql }
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
  const read = (file: string) => readSql(folder, file) ?? refuse(file, 'leads to no file')
  const up = read(`${name}.up.sql`)
  const down = read(`${name}.down.sql`)
  const header = readHeader(up, (what, line) => refuse(`${name}.up.sql`, what, line))
  const refuseDown = (what: string, line: number) => refuse(`${name}.down.sql`, what, line)
  refuseDirectives(down, refuseDown, 'that belongs into the up file')
  for (const [direction, sql] of Object.entries({ up, down })) {
    const statements = readStatements(`${name}.${direction}.sql`, sql)
    if (!header.transactional) requireResumable(`${name}.${direction}.sql`, statements)
  }
  const checksum = createHash('sha256').update(`${up}\0${down}`).digest('hex')
  return { name, number: name.slice(0, 4), up, down, checksum, ...header }
}

/** With the line ends of Unix, so that a checkout with others is no edit. Undefined where there is no such file. */
function readSql(folder: string, file: string): string | undefined {
  const bytes = readPlainFile(join(folder, file), CORRECT)
  if (bytes === undefined) return undefined
  const sql = bytes.toString()
  if (sql.startsWith('\uFEFF')) refuse(file, 'begins with a byte order mark: save it as UTF-8 without one')
  if (!Buffer.from(sql).equals(bytes) || sql.includes('\0')) refuse(file, 'is no text in UTF-8')
  return sql.replaceAll('\r\n', '\n')
}

function readStatements(file: string, sql: string): string[] {
  const statements = splitStatements(sql)
  if (statements.length === 0) refuse(file, 'has no statement')
  const refused = statements.find(({ text }) => controlsTransaction(text))
  if (refused !== undefined)
    refuse(file, 'begins or ends a transaction, which only the runner may do', refused.line)
  return statements.map(({ text }) => text)
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

function refuse(file: string, what: string, line?: number): never {
  throw new CliError({
    what: `${line === undefined ? file : `${file}:${line}`} ${what}.`,
    next: CORRECT,
    exitCode: EXIT.refused,
    facts: line === undefined ? { file } : { file, line },
  })
}
