// Seeds for specs, and `fillDatabase`, which inserts rows into every table of a migrated database.
import { createHash, scryptSync, timingSafeEqual } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../config/root.ts'
import type { Database, Outcome, Project, Session } from '../../harness/index.ts'
import { urlForRole } from './migrations.ts'
import { fillEmptyTables } from './sample-rows.ts'
import { insertSession } from './sessions.ts'

const SEEDS = join(ROOT, 'seeds')

/** The password of every test user, as scripts/seed.sh --help documents it. */
export const DOCUMENTED_PASSWORD = 'correct horse battery staple'

/** Runs `scripts/seed.sh` with these arguments, as hma_migrator unless another URL is given. */
export function seed(
  project: Project,
  db: Database,
  words: string[],
  url = urlForRole(db, 'hma_migrator'),
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return project.run('scripts/seed.sh', words, { environment: { HMA_DATABASE_URL: url, ...environment } })
}

/** Marks this database as its first `apply` does, whatever it was marked before. */
export async function markEnvironment(db: Session, environment: string): Promise<void> {
  await unmarkEnvironment(db)
  await remarkEnvironment(db, environment)
}

/** Removes the mark as only a superuser can. */
export async function unmarkEnvironment(db: Session): Promise<void> {
  await db.query(`set session_replication_role = replica; delete from ops.environment;
    set session_replication_role = origin`)
}

/** Marks it as a later `apply` does. */
export async function remarkEnvironment(db: Session, environment: string): Promise<void> {
  await db.query('select ops.mark_environment($1)', [environment])
}

/** Runs a seed file statement by statement and continues after an error, as `psql -f` does. */
export async function runEachStatement(db: Session, project: Project, file: string): Promise<void> {
  const text = (await readSeed(project, file)).replaceAll(/--.*$/gm, '')
  for (const statement of text.match(/(?:\$\$[\s\S]*?\$\$|[^;])+;/g) ?? [])
    await db.query(statement).catch(() => {})
}

export function readSeed(project: Project, file: string): Promise<string> {
  return readFile(join(project.root, 'seeds', file), 'utf8')
}

/** Name, version and hash of each text in seeds/documents/, in order. */
export function publishedDocuments(project: Project): string[] {
  const folder = join(project.root, 'seeds/documents')
  return readdirSync(folder)
    .map((file) => {
      const hash = createHash('sha256').update(readFileSync(join(folder, file)))
      return `${file.replace(/-([\d.]+)\.md$/, ' $1')} ${hash.digest('hex')}`
    })
    .sort()
}

/** The same for each document in the database. */
export async function storedDocuments(db: Session): Promise<string[]> {
  const rows = await db.query<{ line: string }>(
    `select concat_ws(' ', name, version, encode(content_sha256, 'hex')) as line from reference.legal_documents`,
  )
  return rows.map(({ line }) => line).sort()
}

/** True when a stored hash, in the form `$scrypt$ln=…,r=…,p=…$salt$hash`, is that of this password. */
export function verifiesPassword(stored: string, password: string): boolean {
  const [, , cost = '', salt = '', hash = ''] = stored.split('$')
  const [ln = 0, r = 0, p = 0] = cost.split(',').map((part) => Number(part.split('=')[1]))
  const expected = Buffer.from(hash, 'base64')
  const limits = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** 20 }
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, 'base64'), expected.length, limits), expected)
}

/** The tables of the project, each with a query for the physical place and last transaction of its rows. */
const TABLE_QUERIES = `
  select c.oid::regclass::text as name,
         format('select %L as place, tableoid::regclass::text as leaf, ctid::text, xmin::text from %s', c.oid::regclass, c.oid::regclass) as rows
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and s.nspname in ('auth', 'audit', 'reference', 'ops', 'ml')`

/** Physical place and last transaction of each row, and the value of the audit log's sequence: any write changes one of them. */
export async function rowVersions(db: Session): Promise<{ place: string }[]> {
  const tables = await db.query<{ rows: string }>(TABLE_QUERIES)
  const counter = `select 'counter', 'audit', last_value::text, is_called::text from audit.audit_log_id`
  return db.query(`${[...tables.map(({ rows }) => rows), counter].join(' union all ')} order by 1, 2, 3`)
}

/**
 * Inserts rows into every table of a migrated database: the seeds, an active, an ended and an expired session, a registration
 * that was accepted, one that was rejected and one that was repeated, a seal and a removed month. Marks it as test.
 */
export async function fillDatabase(db: Session): Promise<void> {
  await markEnvironment(db, 'test')
  for (const file of ['reference.sql', 'people.sql'])
    await db.query(await readFile(join(SEEDS, file), 'utf8'))
  const [ada = '', grace = '', alan = ''] = await idsOfPeople(db, 'ada', 'grace', 'alan')
  await insertSession(db, ada, { token: 'of ada' })
  await insertSession(db, grace, { token: 'of grace' })
  await db.query('update auth.sessions set ended_at = clock_timestamp() where user_id = $1', [grace])
  await insertSession(db, alan, {
    token: 'of alan',
    startedAt: `clock_timestamp() - interval '2 hours'`,
  })
  await db.query(`
    select auth.register('new@hma.example', 'x', '1990-01-01', 'fill 1');
    select auth.register('young@hma.example', 'x', (now() - interval '17 years')::date::text, 'fill 2');
    select auth.register('New@hma.example', 'x', '1990-01-01', 'fill 3');
    select audit.seal();
    insert into audit.audit_removal (month, row_count, root) values (date '2020-01-01', 0, sha256(''))`)
  await fillEmptyTables(db)
}

/** Ids of test users, in the order of their names here. */
export async function idsOfPeople(db: Session, ...names: string[]): Promise<string[]> {
  return db.column(
    `select u.id from unnest($1::text[]) with ordinality as wanted (name, place)
       join auth.users u on u.email = wanted.name || '@hma.example' order by place`,
    [names],
  )
}
