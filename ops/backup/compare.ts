// What is wrong with a restored database: how it differs from its manifest, and what does not work in it.
import { join } from 'node:path'
import type pg from 'pg'
import { ROOT } from '../../config/root.ts'
import { type Difference, differencesFrom } from '../../migrations/runner/drift.ts'
import { readMigrations } from '../../migrations/runner/files.ts'
import { inspect } from '../../migrations/runner/inspect.ts'
import type { Comparison } from '../../migrations/runner/plan.ts'
import { readContents } from './contents.ts'
import { type ConnectAs, READER, withLogin } from './logins.ts'
import type { Contents, Manifest } from './manifest.ts'

const MIGRATIONS = join(ROOT, 'migrations')

/**
 * One line each; empty when the database is as it was and works. The superuser reads nothing that came with the backup, and calls none
 * of it: the name of a table may stand for a view. It only takes back the numbers that the trial of the application drew.
 */
export async function findingsOf(
  superuser: pg.Client,
  { contents }: Manifest,
  connectAs: ConnectAs,
): Promise<string[]> {
  return [
    ...(await withLogin(connectAs, READER, (reader) => contentFindings(reader, contents))),
    ...(await migrationFindings(connectAs)),
    ...(await auditFindings(connectAs)),
    ...(await applicationFindings(superuser, connectAs)),
  ]
}

async function contentFindings(client: pg.Client, contents: Contents): Promise<string[]> {
  await client.query('begin isolation level repeatable read')
  const restored = await readContents(client)
  await client.query('rollback')
  return [
    ...tableFindings(contents.tables, restored.tables),
    ...(await sequenceFindings(client, contents.sequences, restored.sequences)),
    ...(await catalogFindings(client, contents.catalog)),
    ...(await rows(client, UNUSABLE)),
  ]
}

export function tableFindings(expected: Contents['tables'], restored: Contents['tables']): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(restored)])
  return [...names].flatMap((name) => {
    const [before, after] = [expected[name], restored[name]]
    if (after === undefined) return [`table ${name} is missing`]
    if (before === undefined) return [`table ${name} was not in the backup`]
    if (before.rows !== after.rows) return [`table ${name} has ${after.rows} rows instead of ${before.rows}`]
    return before.hash === after.hash ? [] : [`table ${name} has other rows than at the backup`]
  })
}

/** A sequence may be ahead: its value at the dump is newer than the snapshot. Behind, it would give out a number twice. */
async function sequenceFindings(
  client: pg.Client,
  expected: Contents['sequences'],
  restored: Contents['sequences'],
): Promise<string[]> {
  const behind = Object.entries(expected)
    .filter(([name, last]) => last !== null && BigInt(restored[name] ?? -1) < BigInt(last))
    .map(([name]) => `sequence ${name} is behind the backup`)
  const { rows: used } =
    await client.query<Record<'sequence' | 'relation' | 'attribute', string>>(USED_SEQUENCES)
  const collisions: string[] = []
  for (const { sequence, relation, attribute } of used) {
    const { rowCount } = await client.query(
      `select from ${sequence} s where (select max(${attribute}) from ${relation}) > case when s.is_called then s.last_value else s.last_value - 1 end`,
    )
    if (rowCount !== 0) collisions.push(`sequence ${sequence} is behind ${relation}.${attribute}`)
  }
  return [...behind, ...collisions]
}

/** What Postgres itself made, and what belongs to an extension, may be other on a server that has another version of it. */
async function catalogFindings(client: pg.Client, expected: Contents['catalog']): Promise<string[]> {
  const differences = await differencesFrom(client, expected)
  const isOtherVersion = ({ kind, difference }: Difference) =>
    kind === 'extension' && difference === 'changed'
  const extensions = differences.filter(isOtherVersion).map(({ identity }) => identity)
  const schemas = await rows(client, SCHEMAS_OF_EXTENSIONS, [extensions])
  return differences
    .filter((difference) => difference.kind !== 'built-in' && !isOtherVersion(difference))
    .filter(({ identity }) => !schemas.some((schema) => identity.includes(`${schema}.`)))
    .map(({ kind, identity, difference }) => `${kind} ${identity} was ${difference}`)
}

const SCHEMAS_OF_EXTENSIONS = `select quote_ident(n.nspname) from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace where quote_ident(e.extname) = any ($1)`

async function migrationFindings(connectAs: ConnectAs): Promise<string[]> {
  const { edited, missing, interrupted } = await readMigrationState(connectAs)
  const lists = { edited, missing, interrupted }
  return Object.entries(lists).flatMap(([what, names]) => names.map((name) => `migration ${name} is ${what}`))
}

/** Files that are newer than the backup: nothing is wrong with it, they are applied after the restore. */
export async function pendingMigrations(connectAs: ConnectAs): Promise<string[]> {
  return (await readMigrationState(connectAs)).pending
}

function readMigrationState(connectAs: ConnectAs): Promise<Comparison> {
  return withLogin(connectAs, 'hma_migrator', async (migrator) => {
    const { comparison } = await inspect(migrator, readMigrations(MIGRATIONS), new Set())
    return comparison
  })
}

function auditFindings(connectAs: ConnectAs): Promise<string[]> {
  return withLogin(connectAs, 'hma_migrator', async (migrator) => {
    await migrator.query('set role hma_owner')
    return rows(migrator, AUDIT_FINDINGS)
  })
}

/** Registers a user and reads as the application, with its rights, and takes it back: also the numbers that it drew. */
async function applicationFindings(superuser: pg.Client, connectAs: ConnectAs): Promise<string[]> {
  const before = await withLogin(connectAs, READER, positionsOf)
  try {
    const answer = await registerAndRollBack(connectAs)
    return answer === 'accepted' ? [] : [`the application cannot register a user: ${answer}`]
  } catch (error) {
    return [`the application cannot work: ${(error as Error).message}`]
  } finally {
    for (const { sequence, value, used } of before)
      await superuser.query('select pg_catalog.setval($1::regclass, $2, $3)', [sequence, value, used])
  }
}

function registerAndRollBack(connectAs: ConnectAs): Promise<string> {
  return withLogin(connectAs, 'hma_app', async (app) => {
    await app.query('begin')
    const { rows: registered } = await app.query<{ answer: string }>(
      `select auth.register('restore-test@example.org', 'not a hash', '1990-01-01') as answer`,
    )
    await app.query('select count(*) from reference.legal_documents')
    await app.query('rollback')
    return registered[0]?.answer ?? ''
  })
}

/** No rollback takes back what a sequence gave out. Nobody else is in this database yet. */
async function positionsOf(client: pg.Client) {
  const names = await rows(client, SEQUENCES)
  const texts = names.map(
    (name) =>
      `select ${client.escapeLiteral(name)} as sequence, last_value::text as value, is_called as used from ${name}`,
  )
  if (texts.length === 0) return []
  return (await client.query<{ sequence: string; value: string; used: boolean }>(texts.join(' union all ')))
    .rows
}

const SEQUENCES = `select format('%I.%I', schemaname, sequencename) from pg_catalog.pg_sequences`

async function rows(client: pg.Client, text: string, values: unknown[] = []): Promise<string[]> {
  const { rows: found } = await client.query<[string]>({ text, values, rowMode: 'array' })
  return found.map(([finding]) => finding)
}

const UNUSABLE = `
select format('constraint %s of %s is not validated', conname, conrelid::regclass) from pg_catalog.pg_constraint where not convalidated
union all
select format('index %s is not valid', indexrelid::regclass) from pg_catalog.pg_index where not indisvalid`

const AUDIT_FINDINGS = `
select concat_ws(' ', 'audit log:', finding, month, 'seal ' || seal, 'row ' || row_id) from audit.verify() limit 100`

/**
 * Sequences that belong to a column of a table, or that its default takes numbers from; a view may have such a default, and no number of
 * its own. Leaves have the numbers of their parent.
 */
const USED_SEQUENCES = `
select distinct s.oid::regclass::text as sequence, t.oid::regclass::text as relation, quote_ident(a.attname) as attribute
  from pg_catalog.pg_depend d
  join pg_catalog.pg_class s on s.oid = case when d.classid = 'pg_catalog.pg_class'::regclass then d.objid else d.refobjid end
  left join pg_catalog.pg_attrdef f on d.classid = 'pg_catalog.pg_attrdef'::regclass and f.oid = d.objid
  join pg_catalog.pg_attribute a
    on (a.attrelid, a.attnum) = (coalesce(f.adrelid, d.refobjid), coalesce(f.adnum, d.refobjsubid))
  join pg_catalog.pg_class t on t.oid = a.attrelid and t.relkind in ('r', 'p') and not t.relispartition
 where s.relkind = 'S' and (d.deptype in ('a', 'i') and d.classid = 'pg_catalog.pg_class'::regclass and d.refobjsubid > 0 or f.oid is not null)
   and not exists (select from pg_catalog.pg_depend e where e.objid = t.oid and e.deptype = 'e')`
