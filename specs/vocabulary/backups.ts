// Backups for specs: the programs of the project's copy, run in the image of the backups, on the database and a bucket of the test.
import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  test as base,
  type Database,
  type Outcome,
  type Project,
  type TestContainer,
} from '../../harness/index.ts'
import {
  type FreshServer,
  intoServer,
  type StartContainer,
  SUPERUSER_PASSWORD,
  startFreshServer,
} from './fresh-server.ts'
import { type Bucket, type State, statesIn } from './stored-backups.ts'

/** `startJob` starts a container for backups of the test's database into the test's bucket; `server` is what they are restored into. */
export const test = base
  .extend(
    'startJob',
    async ({ project, db, bucket, testContainer }) =>
      (options: JobOptions = {}) =>
        startJob(project, db, bucket, testContainer, options),
  )
  .extend('server', ({ testContainer }) => startFreshServer(testContainer))

interface JobOptions {
  /** Options of the tmpfs that is its disk. */
  disk?: string
}

export interface Job {
  container: TestContainer
  bucket: Bucket
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
    bucket,
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

/** Makes a backup of a database that is in a cluster of its own. */
export async function backUpIn(job: Job, db: Database): Promise<Outcome> {
  const HMA_DATABASE_URL = `postgres://hma_backup@postgres:${await db.value('show port')}/${db.name}`
  return job.run(['backup'], { HMA_DATABASE_URL, HMA_DATABASE_PASSWORD: db.passwords.hma_backup ?? '' })
}

/** Restores the newest backup of a database into one of that name on another server; more words may say otherwise. */
export function restoreInto(
  job: Job,
  { host }: FreshServer,
  db: Database,
  database: string,
  ...words: string[]
): Promise<Outcome> {
  return job.run(['restore', '--database', database, ...words], intoServer(host, db))
}

export const STORE = 'http://minio:9000'

/** The copy's files, at the place of all that were built into the image: a fault in any of them takes effect. */
function programsOf({ root }: Project): Record<string, string> {
  const files = globSync('{config,migrations,ops}/**/*.{ts,sql}', { cwd: root })
  return Object.fromEntries(files.map((file) => [`/app/${file}`, readFileSync(join(root, file), 'utf8')]))
}

/** What the store has of each backup, newest first. */
export function statesOf({ bucket }: Job): Promise<State[]> {
  return statesIn(bucket)
}

/** The same as `scripts/backup.sh --list` tells it. */
export async function listedStates(job: Job): Promise<State[]> {
  const { backups } = await job.json<{ backups: State[] }>(['backup', '--list'])
  return backups.map(({ id, isVerified, hasManifest }) => ({ id, isVerified, hasManifest }))
}

/** Files on the disk of the job, but for locks and metrics. */
export async function filesLeft(job: Job): Promise<string[]> {
  const { stdout } = await job.shell(`find /backups -type f ! -name '*.lock' ! -name metrics.prom`)
  return stdout.split('\n').filter(Boolean)
}

/** What a restore test leaves when it is killed with its container: half a download, a cluster, no server. */
export async function leaveKilledTest(job: Job): Promise<void> {
  const [download, cluster] = ['/backups/restore-test-dump', '/backups/restore-test/data']
  // No kernel gives a process this number.
  const server = `touch ${cluster}/PG_VERSION && echo 2147483000 > ${cluster}/postmaster.pid`
  await job.shell(`mkdir -p ${download} ${cluster} && echo half > ${download}/dump && ${server}`)
}

/** `scripts/migrate.sh status` on the restored database. */
export function statusOf({ container }: Job, { host }: FreshServer, db: Database): Promise<Outcome> {
  const url = `HMA_DATABASE_URL=postgres://hma_migrator@${host}:5432/${db.name}`
  const password = `HMA_DATABASE_PASSWORD=${db.passwords.hma_migrator}`
  return container.exec(['env', url, password, 'node', 'migrations/runner/main.ts', 'status'])
}

/** Kinds of lines that a comparison of two such texts must have, or it would compare nothing of that kind. */
const KINDS = [
  ...[/^COPY auth\.users/, /^CREATE ROLE/, /^GRANT/, /^CREATE POLICY/],
  /^GRANT TEMPORARY ON DATABASE .* TO PUBLIC;$/,
  // A sequence that gave out numbers, and one that gave out none.
  ...[/^SELECT pg_catalog\.setval.*, true;$/, /^SELECT pg_catalog\.setval.*, false;$/],
]

/** Those of them that have no line in the text. */
export function missingIn(text: string[]): RegExp[] {
  return KINDS.filter((kind) => !text.some((line) => kind.test(line)))
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
