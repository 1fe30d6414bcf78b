// What the manifest of a backup says, and what the database itself answers to the same questions.
import type { Database } from '../../harness/index.ts'
import type { Job } from './backups.ts'
import { fillEmptyTables } from './sample-rows.ts'
import { readStored, type StoredManifest } from './stored-backups.ts'

interface NewBackup {
  exitCode: number
  /** As the store has it; undefined where the backup failed. */
  manifest: StoredManifest | undefined
}

/** Makes a backup of that database, which is on the server of the job, and reads its manifest from the store. */
export async function backUpAndRead(
  job: Job,
  db: Database,
  variables: Record<string, string> = {},
): Promise<NewBackup> {
  const HMA_DATABASE_URL = `postgres://hma_backup@postgres:5432/${db.name}`
  const { exitCode, stdout } = await job.run(['backup', '--json'], { HMA_DATABASE_URL, ...variables })
  if (exitCode !== 0) return { exitCode, manifest: undefined }
  const { manifest } = await readStored(job.bucket, db, JSON.parse(stdout).id)
  return { exitCode, manifest }
}

/**
 * Rows in all tables, a table whose name needs quotes, a sequence that gave out numbers and one that gave out none; a migration that was
 * applied after those with greater numbers, and one that did not end.
 */
export async function fillUnusually(db: Database): Promise<void> {
  await fillEmptyTables(db)
  await db.query(`
    create table public."Odd name" (id integer);
    insert into public."Odd name" values (1), (2);
    create sequence public.unused;
    create sequence public.used;
    select nextval('public.used'), nextval('public.used');
    insert into ops.schema_migration (name, checksum, state, duration_ms, tool_version, transactional)
    values ('0000_late', '', 'done', 0, '1', true), ('9999_interrupted', '', 'started', 0, '1', false)`)
}

/** What a database says of itself that is in a manifest, too. */
export interface Answers {
  database: string
  environment: string
  serverVersion: string
  /** Those that came to their end, in the order in which they were applied. */
  migrations: string[]
  extensions: string[]
  /** How many rows each table has. */
  rows: Record<string, number>
  /** The last number that each sequence gave out. */
  sequences: Record<string, string | null>
}

/** Asks the live database. */
export async function answersOf(db: Database): Promise<Answers> {
  return {
    database: db.name,
    environment: await db.value('select name from ops.environment'),
    serverVersion: await db.value('show server_version'),
    migrations: await db.column(
      `select name from ops.schema_migration where state = 'done' order by position`,
    ),
    extensions: await db.column('select extname from pg_extension order by 1'),
    rows: await eachOf(db, TABLES, (table) => db.count(`only ${table}`)),
    sequences: await eachOf(db, SEQUENCES, (sequence) =>
      db.value(`select case when is_called then last_value::text end from ${sequence}`),
    ),
  }
}

/** Tables that hold rows themselves and belong to no extension. */
const TABLES = `
  select t.name from pg_tables cross join lateral (select format('%I.%I', schemaname, tablename) as name) t
   where schemaname !~ '^pg_' and schemaname <> 'information_schema'
     and not exists (select from pg_partitioned_table where partrelid = t.name::regclass)
     and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = t.name::regclass and deptype = 'e')`

const SEQUENCES = `
  select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'S'`

async function eachOf<Answer>(
  db: Database,
  names: string,
  ask: (name: string) => Promise<Answer>,
): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {}
  for (const name of await db.column(names)) answers[name] = await ask(name)
  return answers
}

/** How many rows each table has by a manifest. */
export function rowsIn(manifest: StoredManifest | undefined): Record<string, number> {
  const tables = Object.entries(manifest?.contents.tables ?? {})
  return Object.fromEntries(tables.map(([name, { rows }]) => [name, rows]))
}

/** Names of the tables that have another hash in the one manifest than in the other. */
export function tablesWithOtherHash(
  one: StoredManifest | undefined,
  other: StoredManifest | undefined,
): string[] {
  const [before, after] = [one?.contents.tables ?? {}, other?.contents.tables ?? {}]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name]?.hash !== after[name]?.hash).sort()
}

/** Version of that program of Postgres in the job. */
export async function versionOf(job: Job, program: string): Promise<string | undefined> {
  const { stdout } = await job.shell(`${program} --version`)
  return stdout.trim().split(' ')[2]
}

interface Moment {
  /** In the write-ahead log. */
  position: string
  time: string
}

/** Where the server is now. */
export async function momentOf(db: Database): Promise<Moment | undefined> {
  const [moment] = await db.query<Moment>(
    'select pg_current_wal_insert_lsn()::text as position, clock_timestamp()::text as time',
  )
  return moment
}

/** Whether position and moment of a manifest, which has milliseconds, are between these two. */
export async function isBetween(
  db: Database,
  { lsn, takenAt }: Pick<StoredManifest, 'lsn' | 'takenAt'>,
  before: Moment | undefined,
  after: Moment | undefined,
): Promise<unknown> {
  const [found] = await db.query(
    `select $1::pg_lsn between $2::pg_lsn and $3::pg_lsn as position,
            $4::timestamptz between date_trunc('milliseconds', $5::timestamptz) and $6::timestamptz as time`,
    [lsn, before?.position, after?.position, takenAt, before?.time, after?.time],
  )
  return found
}
