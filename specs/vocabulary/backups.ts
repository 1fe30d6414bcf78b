// Backups for specs: the programs of the project's copy, run in the image of the backups, on the database and a bucket of the test.
import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import {
  test as base,
  type Database,
  type Outcome,
  type Project,
  type TestContainer,
} from '../../harness/index.ts'

export interface Bucket {
  name: string
  client: S3Client
}

type StartContainer = (image: string, options: ContainerOptions) => Promise<TestContainer>
interface ContainerOptions {
  environment?: Record<string, string>
  files?: Record<string, string>
  command?: string[]
  tmpfs?: Record<string, string>
  joinsRun?: boolean
}

/** `startJob` starts a container for backups of the test's database into the test's bucket. */
export const test = base.extend(
  'startJob',
  async ({ project, db, bucket, testContainer }) =>
    (options: JobOptions = {}) =>
      startJob(project, db, bucket, testContainer, options),
)

interface JobOptions {
  /** Options of the tmpfs that is its disk. */
  disk?: string
}

export interface Job {
  container: TestContainer
  /** Runs a command of ops/backup/main.ts to its end; variables that are given replace those of the job. */
  run(command: string[], variables?: Record<string, string>): Promise<Outcome>
  /** As `run`; the result that it printed as JSON. */
  json<Result>(command: string[], variables?: Record<string, string>): Promise<Result>
  /** A shell command in the container. */
  shell(command: string): Promise<Outcome>
  /** Puts a program of that name before the real one; returns the variables with which the job finds it. */
  replace(program: string, script: string): Promise<Record<string, string>>
}

/** Room for the backups of a job on its disk. */
const ROOMY = 'rw,size=512m,mode=0700,uid=1000,gid=1000'

async function startJob(
  project: Project,
  db: Database,
  bucket: Bucket,
  testContainer: StartContainer,
  { disk = ROOMY }: JobOptions,
): Promise<Job> {
  const container = await testContainer('hma-backup', {
    command: ['--eval', 'setInterval(() => {}, 60_000)'],
    environment: await environmentOf(db, bucket),
    files: programsOf(project),
    tmpfs: { '/backups': disk },
    joinsRun: true,
  })
  const run = (command: string[], variables: Record<string, string> = {}) => {
    const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
    return container.exec(['env', ...set, 'node', 'ops/backup/main.ts', ...command])
  }
  return {
    container,
    run,
    json: async (command, variables) => JSON.parse((await run([...command, '--json'], variables)).stdout),
    shell: (command) => container.exec(['sh', '-c', command]),
    async replace(program, script) {
      const folder = `/tmp/${randomUUID()}`
      const write = 'mkdir "$1" && printf %s "$3" > "$1/$2" && chmod 755 "$1/$2"'
      await container.exec(['sh', '-c', write, 'sh', folder, program, `#!/bin/sh\n${script}`])
      return { PATH: `${folder}:/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/17/bin` }
    },
  }
}

/** As it is in the compose service, in the network of the run. */
async function environmentOf(db: Database, { name, client }: Bucket): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = await client.config.credentials()
  return {
    HMA_DATABASE_URL: `postgres://hma_backup@postgres:5432/${db.name}`,
    HMA_DATABASE_PASSWORD: db.passwords.hma_backup ?? '',
    HMA_STORE_URL: STORE,
    HMA_STORE_KEY_ID: accessKeyId,
    HMA_STORE_KEY_SECRET: secretAccessKey,
    HMA_BACKUP_BUCKET: name,
  }
}

export const STORE = 'http://minio:9000'

/** The copy's files, at the place of those that were built into the image: a fault in them takes effect. */
function programsOf({ root }: Project): Record<string, string> {
  const files = globSync(['ops/backup/*.ts', 'config/*.ts', 'migrations/**/*.{ts,sql}'], { cwd: root })
  return Object.fromEntries(files.map((file) => [`/app/${file}`, readFileSync(join(root, file), 'utf8')]))
}

/** Ids and states of the stored backups, newest first. */
export async function statesOf(
  job: Job,
): Promise<{ id: string; isVerified: boolean; hasManifest: boolean }[]> {
  const { backups } = await job.json<{
    backups: { id: string; isVerified: boolean; hasManifest: boolean }[]
  }>(['backup', '--list'])
  return backups.map(({ id, isVerified, hasManifest }) => ({ id, isVerified, hasManifest }))
}

/** Files on the disk of the job, but for locks and metrics. */
export async function filesLeft(job: Job): Promise<string[]> {
  const { stdout } = await job.shell(`find /backups -type f ! -name '*.lock' ! -name metrics.prom`)
  return stdout.split('\n').filter(Boolean)
}

export interface FreshServer {
  container: TestContainer
  /** Its address in the network of the run. */
  host: string
}

const SUPERUSER_PASSWORD = 'superuser'

/** A server that no migration has touched: the stack's image, or another. */
export async function startFreshServer(
  testContainer: StartContainer,
  image = 'hma-postgres',
): Promise<FreshServer> {
  const POSTGRES_INITDB_ARGS = '--no-sync --locale=C.UTF-8 --encoding=UTF8'
  const environment = { POSTGRES_PASSWORD: SUPERUSER_PASSWORD, POSTGRES_INITDB_ARGS }
  const container = await testContainer(image, { environment, joinsRun: true })
  await container.until(['pg_isready', '--quiet', '--host', '127.0.0.1'])
  const { stdout } = await container.exec(['hostname', '--ip-address'])
  return { container, host: stdout.trim() }
}

/** A statement of the application in the restored database, with its password, over the network. */
export function asApplication(
  { container, host }: FreshServer,
  db: Database,
  statement: string,
): Promise<Outcome> {
  const password = `PGPASSWORD=${db.passwords.hma_app}`
  const options = ['--no-psqlrc', '--tuples-only', '--no-align', '--command', statement]
  return container.exec(['env', password, 'psql', `postgres://hma_app@${host}/${db.name}`, ...options])
}

/** `scripts/migrate.sh status` on the restored database. */
export function statusOf({ container }: Job, { host }: FreshServer, db: Database): Promise<Outcome> {
  const url = `HMA_DATABASE_URL=postgres://hma_migrator@${host}:5432/${db.name}`
  const password = `HMA_DATABASE_PASSWORD=${db.passwords.hma_migrator}`
  return container.exec(['env', url, password, 'node', 'migrations/runner/main.ts', 'status'])
}

/** Variables with which a job restores into that server. */
export function intoServer(host: string, db: Database): Record<string, string> {
  return {
    HMA_DATABASE_URL: `postgres://postgres@${host}:5432/${db.name}`,
    HMA_DATABASE_PASSWORD: SUPERUSER_PASSWORD,
    HMA_APP_PASSWORD: db.passwords.hma_app ?? '',
    HMA_MIGRATOR_PASSWORD: db.passwords.hma_migrator ?? '',
  }
}

/**
 * The lines of everything in a database that pg_dump writes as text, and of all roles of its server: an independent look at both. Sorted,
 * because privileges may be listed in another order; without parentheses, because Postgres sets others in chains of AND and OR once it
 * has read its own text.
 */
export async function textOf(
  job: Job,
  host: string,
  db: Database,
  password = SUPERUSER_PASSWORD,
): Promise<string[]> {
  const url = `postgres://postgres@${host}/${db.name}`
  const dump = `pg_dump --create --restrict-key=spec --no-password '${url}'`
  const roles = `pg_dumpall --roles-only --no-role-passwords --restrict-key=spec --no-password --dbname '${url}'`
  const { stdout, stderr, exitCode } = await job.shell(`export PGPASSWORD='${password}'; ${dump} && ${roles}`)
  const text = exitCode === 0 ? stdout : stderr
  return text.replaceAll(/[()]/g, '').split('\n').sort()
}

export async function readObject({ name, client }: Bucket, key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

export async function writeObject(
  { name, client }: Bucket,
  key: string,
  body: Buffer | string,
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body }))
}

/** Makes the oldest version of an object its newest again. */
export async function bringBack({ name, client }: Bucket, key: string): Promise<void> {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: key }))
  const CopySource = `${name}/${key}?versionId=${Versions.at(-1)?.VersionId}`
  await client.send(new CopyObjectCommand({ Bucket: name, Key: key, CopySource }))
}

interface Stored {
  manifest: { dump: { bytes: number; sha256: string } }
  dump: Buffer
}

/** A backup as it is in the bucket. */
export async function readStored(bucket: Bucket, db: Database, id: string): Promise<Stored> {
  const read = (file: string) => readObject(bucket, `${db.name}/${id}/${file}`)
  return { manifest: JSON.parse((await read('manifest.json')).toString()), dump: await read('dump') }
}

/** Puts the dump of one backup in the place of another's, with size and hash in the manifest. */
export async function replaceContents(
  bucket: Bucket,
  db: Database,
  { of, by }: { of: string; by: string },
): Promise<void> {
  const [target, source] = [await readStored(bucket, db, of), await readStored(bucket, db, by)]
  await writeObject(bucket, `${db.name}/${of}/dump`, source.dump)
  const manifest = { ...target.manifest, dump: source.manifest.dump }
  await writeObject(bucket, `${db.name}/${of}/manifest.json`, JSON.stringify(manifest))
}

/** Names of the databases of a server that are not its own. */
export async function databasesOf({ container }: FreshServer): Promise<string[]> {
  const query = `select datname from pg_database where datname !~ '^(template|postgres)' order by 1`
  const { stdout } = await container.exec([
    ...['psql', '--username', 'postgres', '--no-psqlrc', '--tuples-only', '--no-align'],
    ...['--command', query],
  ])
  return stdout.split('\n').filter(Boolean)
}

/** A statement of the superuser in a database of that server. */
export function asSuperuser(
  { container }: FreshServer,
  database: string,
  statement: string,
): Promise<Outcome> {
  const options = [
    '--username',
    'postgres',
    '--no-psqlrc',
    '--tuples-only',
    '--no-align',
    '--dbname',
    database,
  ]
  return container.exec(['psql', ...options, '--command', statement])
}
