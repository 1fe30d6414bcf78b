// A stack that archives continuously: what it is asked, and how it is restored to a moment.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { parse } from 'yaml'
import { createCertificate, createKey } from '../../config/certificate.ts'
import { expect, type Project, type Session } from '../../harness/index.ts'
import { addressOf, askPostgres, secretOf } from './clients.ts'
import { containerOf, containersOf, execIn, nameOf, stackOf } from './containers.ts'
import { flipped } from './damage.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { healthOf, run } from './stack.ts'
import { asRoot } from './store.ts'

export const OPTED_IN = { HMA_ARCHIVE: 'on' }
const BOOT_MS = 150_000
/** It takes half a minute on an idle machine. */
const RESTORE_MS = 240_000
const ARCHIVED_SOON = { timeout: 120_000, interval: 500 }
const HEALTHY_SOON = { timeout: 90_000, interval: 1000 }

const start = oncePerCopy((project) => {
  const up = ['--profile', 'archive', 'up', '--wait', '--wait-timeout', '120']
  return run(project, [...up, 'archive'], OPTED_IN, BOOT_MS)
})

/** Starts the test variant with continuous archiving, and waits until the first base backup is made. Done once per copy of the project. */
export async function startArchive(project: Project): Promise<void> {
  expect(await start(project)).toMatchObject({ exitCode: 0 })
}

/** A statement of the superuser in the stack's database. */
export function ask(project: Project, text: string): Promise<unknown> {
  return askPostgres(project, 'postgres', 'postgres-password', text)
}

/** Commits a row; returns the moment of its commit as the write-ahead log has it, to the microsecond. */
export async function commitRow(project: Project, word: string): Promise<string> {
  await ask(project, 'create table if not exists archived (word text)')
  const begin = await ask(project, 'select pg_current_wal_insert_lsn()')
  await ask(project, `insert into archived values ('${word}')`)
  const end = await ask(project, 'select pg_current_wal_flush_lsn()')
  const file = `${await ask(project, 'select pg_walfile_name(pg_current_wal_lsn())')}`
  const history = `${Number.parseInt(file.slice(0, 8), 16)}`
  const place = ['--path', '/var/lib/postgresql/17/data/pg_wal', '--timeline', history]
  const dump = ['pg_waldump', ...place, '--rmgr', 'Transaction', '--start', `${begin}`, '--end', `${end}`]
  const { stdout } = await execIn(project, 'postgres', dump)
  const [, moment] = /COMMIT (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) UTC/.exec(stdout) ?? []
  return `${moment}+00`
}

export async function rowsOf(project: Project): Promise<unknown> {
  return ask(project, `select string_agg(word, ' ' order by word) from archived`)
}

/** Makes a full base backup, as the service does each week; then what retention does not keep is removed. Exit code of pgBackRest. */
export async function backUpFully(project: Project): Promise<number> {
  const server = 'PGHOST=postgres PGPASSWORD="$(cat /run/secrets/backup-password)"'
  const options = ['--rm', '--no-deps', '--no-TTY', '--entrypoint', 'sh']
  const command = ['archive', '-c', `${server} sh /pgbackrest.sh backup --type=full`]
  const words = ['--profile', 'archive', 'run', ...options, ...command]
  return (await run(project, words, OPTED_IN, BOOT_MS)).exitCode
}

/** Waits until the archive has all that is committed. */
export async function archiveAll(project: Project): Promise<void> {
  await ask(project, 'select pg_current_xact_id()')
  const file = await ask(project, 'select pg_walfile_name(pg_switch_wal())')
  await expect
    .poll(() => ask(project, `select last_archived_wal >= '${file}' from pg_stat_archiver`), ARCHIVED_SOON)
    .toBe(true)
}

/** The disk of the database is lost: its volume, and what used it. */
export async function loseDisk(project: Project): Promise<void> {
  await run(project, ['--profile', 'archive', 'rm', '--stop', '--force', 'postgres', 'archive'], OPTED_IN)
  await execa('docker', ['volume', 'rm', `${stackOf(project)}_postgres-data`])
}

/** Writes into a segment of the write-ahead log and begins the next one, so many times. Returns the names of those segments. */
export async function writeSegments(project: Project, count: number): Promise<string[]> {
  const fill = `select pg_walfile_name(pg_switch_wal()) from pg_create_restore_point('filled')`
  const files: string[] = []
  for (let filled = 0; filled < count; filled++) files.push(`${await ask(project, fill)}`)
  return files
}

/** Those of these segments that are not in the archive. */
export async function missingInArchive(project: Project, files: string[]): Promise<string[]> {
  using store = await asRoot(project)
  const keys = await store.keys('hma-archive')
  return files.filter((file) => !keys.some((key) => key.includes(file)))
}

export interface RestoreResult {
  exitCode: number
  stderr: string
  result?: { keptAs: string | null; isBackedUp: boolean; error?: { message: string } }
}

/** scripts/restore.sh --to-time. */
export async function restoreTo(
  project: Project,
  moment: string,
  ...words: string[]
): Promise<RestoreResult> {
  const args = ['--variant', 'test', '--to-time', moment, '--json', ...words]
  const environment = { ...OPTED_IN, HMA_PROJECT: project.composeName }
  const { exitCode, stdout, stderr } = await project.run('scripts/restore.sh', args, {
    environment,
    timeoutMs: RESTORE_MS,
  })
  return { exitCode, stderr, ...(stdout === '' ? {} : { result: JSON.parse(stdout) }) }
}

/** Exit code of the archive's check, as the service runs it each minute. */
export async function checkArchive(project: Project): Promise<number> {
  const { hostname, port } = await addressOf(project, 'postgres', 5432)
  const env = {
    HMA_DATABASE_URL: `postgres://hma_backup@${hostname}:${port}/hma`,
    HMA_DATABASE_PASSWORD: await secretOf(project, 'backup-password'),
  }
  const options = { cwd: project.root, env, reject: false, timeout: 20_000 } as const
  const { exitCode } = await execa(process.execPath, ['ops/archive/main.ts', 'check'], options)
  return exitCode ?? 1
}

/** The metric of that name as the exporter asks for it, with its login. */
export async function archiveMetric(project: Project, name: string): Promise<number> {
  const queries = parse(await readFile(join(project.root, 'docker/prometheus/queries.yml'), 'utf8'))
  const { query } = queries.hma_archive as { query: string }
  const text = `select ${name}::float8 from (${query}) metrics`
  return Number(await askPostgres(project, 'hma_monitor', 'monitor-password', text))
}

export async function stopService(project: Project, service: string): Promise<void> {
  await execa('docker', ['stop', '--time', '1', nameOf(project, service)])
}

export async function startService(project: Project, service: string): Promise<void> {
  await execa('docker', ['start', nameOf(project, service)])
}

/** What this results in while the service is stopped, once it is healthy again. */
export async function whileStopped<Result>(
  project: Project,
  service: string,
  act: () => Promise<Result>,
): Promise<Result> {
  await stopService(project, service)
  const result = await act()
  await startService(project, service)
  await expect.poll(() => healthOf(project, service), HEALTHY_SOON).toBe('healthy')
  return result
}

/** Exit code of pgBackRest when it reads the archive, where it trusts this certificate alone. */
export async function readWithAuthority(project: Project, pem: string): Promise<number> {
  const file = '/tmp/authority.pem'
  const read = `cat > ${file} && sh /pgbackrest.sh repo-ls --repo1-storage-ca-file=${file}`
  const words = ['exec', '--interactive', nameOf(project, 'postgres'), 'sh', '-c', read]
  const { exitCode } = await execa('docker', words, { input: `${pem}\n`, reject: false, timeout: 60_000 })
  return exitCode ?? 1
}

export function ownAuthority(project: Project): Promise<string> {
  return secretOf(project, 'archive-ca')
}

/** Another authority of the same name. */
export function otherAuthority(): string {
  return createCertificate({ subject: 'HMA archive', key: createKey() })
}

/** By key: its policy, of every key that the store should have. */
export async function expectedUsers(project: Project): Promise<Record<string, string>> {
  const secrets = { 'bucket-key-id': 'application', 'backup-key-id': 'backup', 'archive-key-id': 'archive' }
  const entries = Object.entries(secrets).map(async ([secret, policy]) => [
    ...[await secretOf(project, secret), policy],
  ])
  return Object.fromEntries(await Promise.all(entries))
}

/** Functions of Postgres itself that this role may call by a grant of its own. */
export function functionsGrantedTo(db: Session, role: string): Promise<string[]> {
  return db.column(
    `select p.oid::regprocedure::text from pg_proc p cross join aclexplode(p.proacl) a
      where p.pronamespace = 'pg_catalog'::regnamespace and a.grantee = $1::regrole order by 1`,
    [role],
  )
}

/** Services of the running stack. */
export async function runningServices(project: Project): Promise<string[]> {
  const containers = await containersOf(project)
  return containers.filter(({ status }) => status === 'running').map(({ service }) => service)
}

const ARCHIVE = 'hma-archive'

/** Keys in the archive that this describes, in the order of the alphabet. */
export async function archivedKeys(project: Project, pattern: RegExp): Promise<string[]> {
  using store = await asRoot(project)
  return (await store.keys(ARCHIVE)).filter((key) => pattern.test(key)).sort()
}

/** What this results in while an object of the archive is another one than was written, or is missing. */
export async function whileDamaged<Result>(
  project: Project,
  key: string,
  how: 'changed' | 'missing',
  act: () => Promise<Result>,
): Promise<Result> {
  using store = await asRoot(project)
  const whole = await store.read(ARCHIVE, key)
  if (how === 'missing') await store.remove(ARCHIVE, key)
  else await store.write(ARCHIVE, key, flipped(whole, Math.floor(whole.length / 2)))
  try {
    return await act()
  } finally {
    await store.write(ARCHIVE, key, whole)
  }
}

interface ServerState {
  status: string
  startedAt: string
  /** In its volume. */
  folders: string[]
}

/** What tells that the database was neither stopped nor replaced. */
export async function stateOf(project: Project): Promise<ServerState> {
  const { status, startedAt } = await containerOf(project, 'postgres')
  const { stdout } = await execIn(project, 'postgres', ['ls', '/var/lib/postgresql/17'])
  return { status, startedAt, folders: stdout.split('\n').filter(Boolean) }
}
