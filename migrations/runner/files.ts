// The migration files: their names, directives and checksums. Whatever is wrong with one is refused before any is run.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { resumptionOf } from './concurrent.ts'
import { type Header, readHeader } from './header.ts'
import { controlsTransaction, statementsOf } from './statements.ts'

export interface Migration extends Header {
  /** File name without `.up.sql`, e.g. `0002_users`. */
  name: string
  number: string
  up: string
  down: string
  /** Over both directions: a merged file is frozen, whichever way it runs. */
  checksum: string
}

/** One SQL text that is run as a whole, and what to call it when it fails. */
export interface Script {
  file: string
  /** Of the migration, or of the file where it is none. */
  name: string
  sql: string
  runAs: Header['runAs']
  /** Settings the script may read with current_setting, set for its transaction. */
  settings?: Record<string, string>
}

const FILE_NAME = /^(\d{4})_[a-z][a-z0-9_]*\.(up|down)\.sql$/
/** Beside the migrations, and none. */
const OTHERS = ['roles.sql', 'schema.sql', 'after-apply.sql']

/** All migrations of a folder in order of their numbers. Throws CliError naming the first file at fault. */
export function readMigrations(folder: string): Migration[] {
  return listMigrations(folder).map((name) => readPair(folder, name))
}

/** Names of a folder's migrations in order, whatever the files hold. */
export function listMigrations(folder: string): string[] {
  const files = listFolder(folder).filter((file) => file.endsWith('.sql') && !OTHERS.includes(file))
  for (const file of files)
    if (!FILE_NAME.test(file)) refuse(file, 'is not named NNNN_what.up.sql or NNNN_what.down.sql')
  const names = [...new Set(files.map((file) => file.replace(/\.(?:up|down)\.sql$/, '')))].sort()
  const orphan = names
    .flatMap((name) => [`${name}.up.sql`, `${name}.down.sql`])
    .find((f) => !files.includes(f))
  if (orphan) refuse(orphan, 'is missing beside its pair')
  const twin = names.find((name, n) => name.slice(0, 4) === names[n - 1]?.slice(0, 4))
  if (twin) refuse(`${twin}.up.sql`, 'has the number of another')
  return names
}

/** What runs after every apply to the newest version, or null when there is no such file: work of the calendar. */
export function readAfterApply(folder: string): Script | null {
  const file = 'after-apply.sql'
  if (!existsSync(join(folder, file))) return null
  const sql = readFileSync(join(folder, file), 'utf8')
  readStatements(file, sql)
  return { file, name: file, sql, runAs: 'owner' }
}

/** The roles of the cluster, which every apply sees to first. */
export function readRoles(folder: string): Script {
  const file = 'roles.sql'
  if (!existsSync(join(folder, file))) refuse(file, 'is missing beside the migrations')
  return { file, name: file, sql: readFileSync(join(folder, file), 'utf8'), runAs: 'login' }
}

export function scriptOf(migration: Migration, direction: 'up' | 'down'): Script {
  const { name, runAs } = migration
  return { file: `${name}.${direction}.sql`, name, sql: migration[direction], runAs }
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
  const read = (way: string) => readFileSync(join(folder, `${name}.${way}.sql`), 'utf8')
  const up = read('up')
  const down = read('down')
  const header = readHeader(up, (what) => refuse(`${name}.up.sql`, what))
  for (const [way, sql] of Object.entries({ up, down })) {
    const statements = readStatements(`${name}.${way}.sql`, sql)
    if (!header.transactional) refuseUnlessResumable(`${name}.${way}.sql`, statements)
  }
  const checksum = createHash('sha256').update(`${up}\0${down}`).digest('hex')
  return { name, number: name.slice(0, 4), up, down, checksum, ...header }
}

function readStatements(file: string, sql: string): string[] {
  const statements = statementsOf(sql)
  if (statements.length === 0) refuse(file, 'holds no statement')
  if (statements.some(controlsTransaction))
    refuse(file, 'begins or ends a transaction itself, and the runner does that')
  return statements
}

/** Outside of a transaction a kill leaves what it leaves, so only what can be taken up again is let in. */
function refuseUnlessResumable(file: string, statements: string[]): void {
  const [only = '', second] = statements
  if (second !== undefined) refuse(file, 'is marked no-transaction and holds more than one statement')
  if (resumptionOf(only) === null)
    refuse(
      file,
      'is marked no-transaction, and only concurrent statements with full names can be taken up again',
    )
}

function refuse(file: string, what: string): never {
  throw new CliError({
    what: `${file} ${what}.`,
    next: 'mend that file, then run again.',
    exitCode: EXIT.refused,
    facts: { file },
  })
}
