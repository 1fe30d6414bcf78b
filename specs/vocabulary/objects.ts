// What there is in a database, and for each privilege on it the statement that asks for that privilege alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from '../../harness/index.ts'
import type { Attempt } from './attempts.ts'

export interface DbObject {
  kind: 'schema' | 'table' | 'view' | 'sequence' | 'function' | 'type' | 'language' | 'database'
  /** Empty for an object without a schema. */
  schema: string
  /** As the matrix calls it; empty for a schema itself. */
  name: string
  /** As SQL calls it. */
  sql: string
  columns?: string[]
  key?: { name: string; type: string }[] | null
  call?: string
  procedure?: boolean
  callable?: boolean
  extension?: boolean
}

/** One square of the matrix, and how it is tried. */
export interface Cell extends Attempt {
  object: DbObject
  privilege: string
  column?: string
}

const OBJECTS = readFileSync(join(import.meta.dirname, 'objects.sql'), 'utf8')

/** Every object that is not Postgres's own, in order of its name. */
export async function objectsOf(db: Session): Promise<DbObject[]> {
  const rows = await db.query<{ object: DbObject }>(OBJECTS)
  return rows.map(({ object }) => object).sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : 1))
}

/** What a cell calls the object: its kind where the name alone would not tell. */
export function titleOf({ kind, sql }: DbObject): string {
  return kind === 'table' || kind === 'view' || kind === 'function' ? sql : `${kind} ${sql}`
}

/** Cells that can be tried without any other privilege. */
export function outerCellsOf(objects: DbObject[]): Cell[] {
  return objects.flatMap((object) => OUTER[object.kind]?.(object) ?? [])
}

/** Cells whose schema must be open first. */
export function innerCellsOf(objects: DbObject[]): Cell[] {
  return objects.flatMap((object) => INNER[object.kind]?.(object) ?? [])
}

type CellsOf = (object: DbObject) => Cell[]

const OUTER: { [kind in DbObject['kind']]?: CellsOf } = {
  schema: (object) => [
    cell(object, 'usage', `table ${object.sql}.nothing_there`, ['42P01']),
    cell(object, 'create', `create table ${object.sql}.trial ()`),
  ],
  language: (object) => [cell(object, 'usage', `do language ${object.sql} 'begin end'`)],
  database: (object) => [
    cell(object, 'create', 'create schema trial'),
    cell(object, 'temporary', 'create temporary table trial ()'),
  ],
}

const INNER: { [kind in DbObject['kind']]?: CellsOf } = {
  table: (object) => [
    ...columnCells(object),
    ...wholeCells(object),
    cell(object, 'truncate', `truncate ${object.sql}`, [...BY_A_TRIGGER, '0A000']),
    ...(object.key ? [cell(object, 'references', foreignKeyTo(object.sql, object.key))] : []),
    // Rebuilding what is partitioned ends one step later, because it needs transactions of its own.
    cell(object, 'maintain', `reindex table ${object.sql}`, ['25001']),
  ],
  // The views of the extension are left out: they read through its functions, and a rule ignores every write.
  view: (object) => (object.extension ? [] : [...columnCells(object), ...wholeCells(object)]),
  sequence: (object) => [
    cell(object, 'usage', `select nextval('${object.sql}')`),
    cell(object, 'select', `select last_value from ${object.sql}`),
    cell(object, 'update', `select setval('${object.sql}', 1)`),
    owned(object),
  ],
  function: (object) => [
    ...(object.callable ? [cell(object, 'execute', callOf(object), AFTER_THE_QUESTION)] : []),
    ...(object.extension ? [] : [owned(object)]),
  ],
  type: (object) => [
    cell(object, 'usage', `create table attempts.trial (value ${object.sql})`),
    ...(object.extension ? [] : [owned(object)]),
  ],
}

/** A trigger of the whole statement may refuse what the privilege allowed. */
const BY_A_TRIGGER = ['23001']

function columnCells(object: DbObject): Cell[] {
  const { sql } = object
  return (object.columns ?? []).flatMap((column) => [
    cell(object, 'select', `select ${column} from ${sql} limit 0`, [], column),
    cell(
      object,
      'insert',
      `insert into ${sql} (${column}) overriding system value select null where false`,
      BY_A_TRIGGER,
      column,
    ),
    cell(object, 'update', `update ${sql} set ${column} = default where false`, BY_A_TRIGGER, column),
  ])
}

function wholeCells(object: DbObject): Cell[] {
  const { sql } = object
  const trigger = `create trigger trial before update on ${sql} for each statement execute function suppress_redundant_updates_trigger()`
  return [
    cell(object, 'delete', `delete from ${sql} where false`, BY_A_TRIGGER),
    cell(object, 'trigger', trigger),
    owned(object),
  ]
}

/** Only an owner may comment on what is theirs. */
function owned(object: DbObject): Cell {
  const noun = object.kind === 'function' && object.procedure ? 'procedure' : object.kind
  return cell(object, 'own', `comment on ${noun} ${object.sql} is 'tried'`)
}

/** A trigger's function refuses a plain call; PostGIS has SQL bodies that do not find what they name from outside. */
const AFTER_THE_QUESTION = ['0A000', '42704', '42883']

/** `where false` stops after the executor's question whether the function may be called, and before the call. */
function callOf({ procedure, call }: DbObject): string {
  return procedure ? `call ${call}` : `select ${call} where false`
}

function foreignKeyTo(sql: string, key: { name: string; type: string }[]): string {
  const columns = key.map(({ type }, place) => `k${place} ${type}`).join(', ')
  const own = key.map((_, place) => `k${place}`).join(', ')
  const theirs = key.map(({ name }) => name).join(', ')
  return `create table attempts.trial (${columns}, foreign key (${own}) references ${sql} (${theirs}))`
}

function cell(
  object: DbObject,
  privilege: string,
  statement: string,
  endsWith: string[] = [],
  column?: string,
): Cell {
  const place = column === undefined ? titleOf(object) : `${titleOf(object)}.${column}`
  return {
    cell: `${privilege} ${place}`,
    statement,
    endsWith,
    object,
    privilege,
    ...(column === undefined ? {} : { column }),
  }
}
