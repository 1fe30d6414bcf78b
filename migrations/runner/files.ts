// The migration files: their names, directives and checksums. Whatever is wrong with one is refused before any is run.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, Refusal } from './refusal.ts'

export interface Migration {
  /** File name without `.up.sql`, e.g. `0002_users`. */
  name: string
  number: string
  up: string
  down: string
  /** Over both directions: a merged file is frozen, whichever way it runs. */
  checksum: string
  transactional: boolean
  /** Applied only when its group is asked for. */
  optIn: string | null
  runAs: 'owner' | 'login'
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.(up|down)\.sql$/
const DIRECTIVE = /^-- (no-transaction|opt-in|run-as)(?:: *(.*))?$/gm
const TRANSACTION = /^\s*(?:begin|commit|rollback|start transaction)\b(?!\s*atomic)[^;]*;/im

/** All migrations of a folder in order of their numbers. Throws Refusal naming the first file at fault. */
export function readMigrations(folder: string): Migration[] {
  const files = listFolder(folder).filter(
    (file) => file.endsWith('.sql') && !['roles.sql', 'after-apply.sql', 'schema.sql'].includes(file),
  )
  for (const file of files)
    if (!FILE_NAME.test(file)) refuse(file, 'is not named NNNN_what.up.sql or NNNN_what.down.sql')
  const names = [...new Set(files.map((file) => file.replace(/\.(?:up|down)\.sql$/, '')))].sort()
  const migrations = names.map((name) => readPair(folder, name, files))
  refuseTwins(migrations)
  return migrations
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new Refusal(
      EXIT.usage,
      `The folder ${folder} cannot be read.`,
      'give --migrations a folder.',
      error,
    )
  }
}

function readPair(folder: string, name: string, files: string[]): Migration {
  for (const way of ['up', 'down']) {
    if (!files.includes(`${name}.${way}.sql`)) refuse(`${name}.${way}.sql`, 'is missing beside its pair')
  }
  const up = readFileSync(join(folder, `${name}.up.sql`), 'utf8')
  const down = readFileSync(join(folder, `${name}.down.sql`), 'utf8')
  const directives = new Map(
    [...up.matchAll(DIRECTIVE)].map(([, key = '', value = '']) => [key, value.trim()]),
  )
  const transactional = !directives.has('no-transaction')
  if (TRANSACTION.test(stripBodies(up)) || TRANSACTION.test(stripBodies(down))) {
    refuse(`${name}.up.sql`, 'begins or ends a transaction itself, and the runner does that')
  }
  const runAs = directives.get('run-as') ?? 'owner'
  if (runAs !== 'owner' && runAs !== 'login')
    refuse(`${name}.up.sql`, `says run-as: ${runAs}, and only login is known`)
  return {
    name,
    number: name.slice(0, 4),
    up,
    down,
    checksum: createHash('sha256').update(`${up}\0${down}`).digest('hex'),
    transactional,
    optIn: directives.get('opt-in') || null,
    runAs,
  }
}

/** Without dollar-quoted bodies, quoted text and comments, so that a function's own `begin` is not taken for one. */
function stripBodies(sql: string): string {
  return sql.replaceAll(/(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'|--.*$/gm, '')
}

function refuseTwins(migrations: Migration[]): void {
  const seen = new Map<string, string>()
  for (const { number, name } of migrations) {
    const twin = seen.get(number)
    if (twin) refuse(`${name}.up.sql`, `has the number of ${twin}`)
    seen.set(number, name)
  }
}

function refuse(file: string, what: string): never {
  throw new Refusal(EXIT.refused, `${file} ${what}.`, 'mend that file, then run again.')
}
