// What a verified backup and a compared restore cost, against plain pg_dump and pg_restore of the same database: one server with
// production's durability, on a disk. All four run in the same container, and take turns.
import pg from 'pg'
import {
  createNetwork,
  type PostgresServer,
  startObjectStore,
  startPostgres,
  startTestContainer,
  sweepRun,
  type TestContainer,
} from '../harness/setup.ts'
import { stackDefinition } from '../specs/stack-definition.ts'
import { claimOwnership, type Ownership } from '../stack/engine/ownership.ts'
import { resolveImage } from '../stack/images/resolve.ts'
import { print, printHeader, printRatio } from './figures.ts'

const RUNS = 3
const USERS = 200_000
const AUDIT_ROWS = 1_000_000
const PASSWORD = 'bench-password'
const DATABASE = 'hma'
const BUCKET = 'hma-backups'
/** The audit writes one row for each user inserted and one for each user updated. */
const UPDATES = AUDIT_ROWS / USERS - 1

/** Prints each with its spread, the ratios, and the greatest memory of our process. */
export async function benchBackup(): Promise<void> {
  printHeader(`Backup, ${USERS.toLocaleString('en')} users and ${AUDIT_ROWS.toLocaleString('en')} audit rows`)
  const owner = claimOwnership()
  try {
    const network = await createNetwork(owner)
    const server = await startPostgres(owner, {
      ...(await serviceOptions('hma-postgres', network)),
      profile: 'durable',
    })
    await fill(server)
    await using job = await startJob(owner, network)
    await measure(job)
  } finally {
    await sweepRun(owner.run)
  }
}

async function serviceOptions(image: string, network: string) {
  return { image: await resolveImage(image), network, password: PASSWORD }
}

async function fill({ host, port, user, password }: PostgresServer): Promise<void> {
  const urlOf = (database: string) => `postgres://${user}:${password}@${host}:${port}/${database}`
  const run = async (database: string, ...statements: string[]) => {
    const client = new pg.Client({ connectionString: urlOf(database) })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }
  await run('postgres', `create database ${DATABASE}`)
  await stackDefinition.templates.default.build({ url: urlOf(DATABASE), name: DATABASE })
  const insert = `insert into auth.users (email, password_hash, date_of_birth)
    select 'p' || n || '@example.org', md5(n::text) || md5((-n)::text), date '1990-01-01' from generate_series(1, ${USERS}) n`
  const update = 'update auth.users set password_hash = md5(password_hash) || md5(id::text)'
  await run(DATABASE, insert, ...Array<string>(UPDATES).fill(update), 'select audit.seal()', 'vacuum analyze')
}

async function startJob(owner: Ownership, network: string): Promise<TestContainer> {
  const { accessKey, secretKey } = await startObjectStore(owner, await serviceOptions('minio', network))
  const environment = {
    HMA_DATABASE_URL: `postgres://hma_backup@postgres:5432/${DATABASE}`,
    HMA_DATABASE_PASSWORD: stackDefinition.roles.hma_backup ?? '',
    HMA_STORE_URL: 'http://minio:9000',
    HMA_STORE_KEY_ID: accessKey,
    HMA_STORE_KEY_SECRET: secretKey,
    HMA_BACKUP_BUCKET: BUCKET,
  }
  const command = ['--eval', 'setInterval(() => {}, 60_000)']
  const job = await startTestContainer(owner, 'hma-backup', { command, environment, joinsRun: true })
  const create = `const { CreateBucketCommand, S3Client } = require('@aws-sdk/client-s3')
    const credentials = { accessKeyId: process.env.HMA_STORE_KEY_ID, secretAccessKey: process.env.HMA_STORE_KEY_SECRET }
    const client = new S3Client({ endpoint: process.env.HMA_STORE_URL, region: 'us-east-1', forcePathStyle: true, credentials })
    client.send(new CreateBucketCommand({ Bucket: '${BUCKET}' }))`
  await run(job, 'node', '--eval', create)
  return job
}

interface Result {
  seconds: number
  peakMemoryMiB: number
}

async function measure(job: TestContainer): Promise<void> {
  const seconds: Record<'plainDump' | 'backup' | 'plainRestore' | 'restore' | 'load', number[]> = {
    ...{ plainDump: [], backup: [], plainRestore: [], restore: [], load: [] },
  }
  const memory: Record<'backup' | 'restore', number[]> = { backup: [], restore: [] }
  for (let turn = 0; turn < RUNS; turn++) {
    seconds.plainDump.push(await plainDump(job))
    const backup = await ours(job, ['backup'], {})
    seconds.backup.push(backup.seconds)
    seconds.plainRestore.push(await plainRestore(job))
    const restore = await ours(job, ['restore', '--database', `restored_${turn}`], SUPERUSER)
    seconds.restore.push(restore.seconds)
    seconds.load.push(restore.steps.restore ?? Number.NaN)
    memory.backup.push(backup.peakMemoryMiB)
    memory.restore.push(restore.peakMemoryMiB)
  }
  report(seconds, memory)
}

function report(seconds: Record<string, number[]>, memory: Record<string, number[]>): void {
  const p50 = (name: string, title: string) => print(title, seconds[name] ?? [], 's').p50
  const plainDump = p50('plainDump', 'pg_dump -Fc')
  const backup = p50('backup', 'backup: dump, counts, decode, upload, read back')
  const plainRestore = p50('plainRestore', 'pg_restore')
  const load = p50('load', 'restore: roles, 2 jobs, analyze')
  const restore = p50('restore', 'restore with download, comparison and audit verification')
  for (const [command, peaks] of Object.entries(memory))
    print(`greatest memory of a ${command}`, peaks, 'MiB')
  printRatio('backup against pg_dump -Fc', backup, plainDump, 'aim: within 1.6')
  printRatio('restore of the same against pg_restore', load, plainRestore, 'aim: below 1')
  printRatio('the whole restore against pg_restore', restore, plainRestore, 'no aim')
}

const SUPERUSER = {
  HMA_DATABASE_URL: `postgres://postgres@postgres:5432/${DATABASE}`,
  HMA_DATABASE_PASSWORD: PASSWORD,
  HMA_MIGRATOR_PASSWORD: stackDefinition.roles.hma_migrator ?? '',
  HMA_APP_PASSWORD: stackDefinition.roles.hma_app ?? '',
  HMA_BACKUP_PASSWORD: stackDefinition.roles.hma_backup ?? '',
}
const PLAIN = 'postgres://postgres@postgres:5432'

function plainDump(job: TestContainer): Promise<number> {
  return timed(job, `pg_dump -Fc -f /tmp/plain '${PLAIN}/${DATABASE}'`)
}

async function plainRestore(job: TestContainer): Promise<number> {
  const admin = (statement: string) => `psql -qc '${statement}' '${PLAIN}/postgres'`
  await timed(
    job,
    `${admin('drop database if exists plain')} && ${admin('create database plain template template0')}`,
  )
  return timed(job, `pg_restore --exit-on-error -d '${PLAIN}/plain' /tmp/plain`)
}

async function timed(job: TestContainer, command: string): Promise<number> {
  const began = performance.now()
  await run(job, 'env', `PGPASSWORD=${PASSWORD}`, 'sh', '-c', command)
  return (performance.now() - began) / 1000
}

async function ours(
  job: TestContainer,
  command: string[],
  variables: Record<string, string>,
): Promise<Result & { steps: Record<string, number> }> {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const { stdout, stderr } = await run(job, 'env', ...set, 'node', 'ops/backup/main.ts', ...command, '--json')
  const steps = [...stderr.matchAll(/^ {2}(.+): ([\d.]+) s$/gm)].map(([, name = '', time]) => [
    name,
    Number(time),
  ])
  return { ...(JSON.parse(stdout) as Result), steps: Object.fromEntries(steps) }
}

async function run(job: TestContainer, ...command: string[]) {
  const outcome = await job.exec(command)
  if (outcome.exitCode !== 0) throw new Error(`${command.at(-1)}: ${outcome.stderr}${outcome.stdout}`)
  return outcome
}
