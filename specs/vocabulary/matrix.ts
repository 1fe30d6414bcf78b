// The reviewed matrix, migrations/privileges.yaml.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ROOT } from '../../config/root.ts'
import { type Cell, type DbObject, titleOf } from './objects.ts'

const names = z.array(z.string()).default([])
/** Role by role what it may do; `owner` names the owner. */
const relations = z.record(z.string(), z.record(z.string(), z.string())).default({})

const Schema = z.strictObject({
  owner: z.string().default('hma_owner'),
  usage: names,
  create: names,
  tables: relations,
  views: relations,
  sequences: relations,
  functions: z
    .record(z.string(), z.strictObject({ 'runs as': z.string().optional(), for: names }))
    .default({}),
  types: z.record(z.string(), z.strictObject({ for: names })).default({}),
  extension: z
    .strictObject({ tables: z.string(), functions: z.string(), types: z.string(), for: names, except: names })
    .optional(),
})

const Matrix = z.strictObject({
  roles: z.record(
    z.string(),
    z.strictObject({
      'logs in': z.enum(['yes', 'no']).default('no'),
      becomes: names,
      'reads everything': z.enum(['yes', 'no']).default('no'),
    }),
  ),
  'created later': z.record(z.string(), z.string()),
  database: z.strictObject({ owner: z.string(), connect: names, create: names, temporary: names }),
  languages: z.record(z.string(), names),
  schemas: z.record(z.string(), Schema),
  'every login': z.record(z.string(), z.string()),
})

interface Grant {
  role: string
  privilege: string
  columns?: string[]
}

interface Entry {
  owner: string
  grants: Grant[]
}

export const matrix = Matrix.parse(parse(readFileSync(join(ROOT, 'migrations/privileges.yaml'), 'utf8')))

/** Every role of the matrix; PUBLIC stands for every other login. */
export const ROLES = Object.keys(matrix.roles)
/** Login roles without BYPASSRLS. */
export const LOGINS = ROLES.filter((role) => matrix.roles[role]?.['logs in'] === 'yes' && !readsAll(role))
export const SCHEMAS = Object.keys(matrix.schemas)
/** Schemas whose objects come from migrations. */
export const OWN_SCHEMAS = SCHEMAS.filter((schema) => matrix.schemas[schema]?.owner === 'hma_owner')

const entries = new Map<string, Entry>()
for (const [schema, of] of Object.entries(matrix.schemas)) {
  enter('schema', schema, '', of.owner, [...give('usage', of.usage), ...give('create', of.create)])
  for (const [name, roles] of Object.entries(of.tables)) enterRelation('table', schema, name, of.owner, roles)
  for (const [name, roles] of Object.entries(of.views)) enterRelation('view', schema, name, of.owner, roles)
  for (const [name, roles] of Object.entries(of.sequences))
    enterRelation('sequence', schema, name, of.owner, roles)
  for (const [name, { 'runs as': runsAs, for: callers }] of Object.entries(of.functions))
    enter('function', schema, name, runsAs ?? of.owner, give('execute', callers))
  for (const [name, { for: users }] of Object.entries(of.types))
    enter('type', schema, name, 'hma_owner', give('usage', users))
}
for (const [name, users] of Object.entries(matrix.languages))
  enter('language', '', name, 'superuser', give('usage', users))
enter('database', '', 'database', matrix.database.owner, [
  ...give('connect', matrix.database.connect),
  ...give('create', matrix.database.create),
  ...give('temporary', matrix.database.temporary),
])

/** Every object of the matrix, without those of extensions. */
export function objectsListed(): string[] {
  return [...entries.keys()].sort()
}

/** Every object of the database, in the same format. */
export function objectsFound(objects: DbObject[]): string[] {
  const own = objects.filter(({ extension }) => !extension)
  return [...new Set(own.map(({ kind, schema, name }) => `${kind} ${schema} ${name}`))].sort()
}

/** Whether the matrix gives this role the privilege. */
export function mayDo(role: string, { object, privilege, column }: Cell): boolean {
  const { owner, grants } = entryOf(object)
  if (owner === role || (readsAll(role) && isReading(object, privilege))) return true
  return grants.some(
    (grant) =>
      grant.role === role &&
      grant.privilege === privilege &&
      (grant.columns === undefined || (column !== undefined && grant.columns.includes(unquoted(column)))),
  )
}

/** Every grant of the matrix on these objects, as the catalog should hold it. */
export function grantsListed(objects: DbObject[]): string[] {
  const lines = objects.flatMap((object) =>
    entryOf(object).grants.flatMap(({ role, privilege, columns }) =>
      columns === undefined
        ? [`${role}: ${privilege} ${titleOf(object)}`]
        : columns.map((column) => `${role}: ${privilege} ${titleOf(object)}.${column}`),
    ),
  )
  return lines.sort()
}

/** What the matrix gives this role on these objects. */
export function grantsTo(role: string, objects: DbObject[]): (Grant & { object: DbObject })[] {
  return objects.flatMap((object) =>
    entryOf(object)
      .grants.filter((grant) => grant.role === role)
      .map((grant) => ({ ...grant, object })),
  )
}

/** Security-definer functions and their owners. */
export function definersListed(): string[] {
  const lines = Object.entries(matrix.schemas).flatMap(([schema, { functions }]) =>
    Object.entries(functions).flatMap(([name, { 'runs as': runsAs }]) =>
      runsAs === undefined ? [] : [`${schema}.${name} runs as ${runsAs}`],
    ),
  )
  return lines.sort()
}

function entryOf({ kind, schema, name, extension }: DbObject): Entry {
  const of = matrix.schemas[schema]
  if (extension && of?.extension) {
    const { tables, functions, types, for: roles, except } = of.extension
    const privilege = { function: functions, type: types }[kind as string] ?? tables
    return { owner: of.owner, grants: except.includes(name) ? [] : give(privilege, roles) }
  }
  return entries.get(`${kind} ${schema} ${name}`) ?? { owner: 'unlisted', grants: [] }
}

function enterRelation(
  kind: DbObject['kind'],
  schema: string,
  name: string,
  ownerOfSchema: string,
  { owner = ownerOfSchema, ...roles }: Record<string, string>,
): void {
  const grants = Object.entries(roles).flatMap(([role, text]) =>
    [...text.matchAll(/(\w+)(?:\s*\(([^)]*)\))?/g)].map(([, privilege = '', columns]) => ({
      role,
      privilege,
      ...(columns === undefined ? {} : { columns: columns.split(',').map((column) => column.trim()) }),
    })),
  )
  enter(kind, schema, name, owner, grants)
}

function enter(kind: DbObject['kind'], schema: string, name: string, owner: string, grants: Grant[]): void {
  entries.set(`${kind} ${schema} ${name}`, { owner, grants })
}

function give(privilege: string, roles: string[]): Grant[] {
  return roles.map((role) => ({ role, privilege }))
}

function readsAll(role: string): boolean {
  return matrix.roles[role]?.['reads everything'] === 'yes'
}

function isReading({ kind }: DbObject, privilege: string): boolean {
  return kind === 'schema'
    ? privilege === 'usage'
    : privilege === 'select' && ['table', 'view', 'sequence'].includes(kind)
}

function unquoted(column: string): string {
  return column.replaceAll('"', '')
}
