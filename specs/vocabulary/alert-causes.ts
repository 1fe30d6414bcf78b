// What alerts are about, caused on a running stack, and undone as their runbooks say.
import { statfs } from 'node:fs/promises'
import { execa } from 'execa'
import { expect, type Project } from '../../harness/index.ts'
import { backUp, runScript, whileLoginExpired } from './backup-scripts.ts'
import { overfill } from './cache-load.ts'
import { addressOf, askRedis, secretOf } from './clients.ts'
import { execIn } from './containers.ts'
import { deadlock } from './database-load.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { freeze, thaw } from './stack.ts'
import { sessionsOf } from './stack-load.ts'

/** Alerts that `whileMuchIsWrong` causes, sorted. */
export const CAUSED = [
  'BackupTooOld',
  'CacheEvictions',
  'ConnectionsRunningOut',
  'DatabaseDiskFillingUp',
  'Deadlocks',
  'DiskFillingUp',
  'LongTransaction',
  'MonthsRunningOut',
  'RestoreUnverified',
]

/** What this results in while the backups are old, months of the audit log are gone, and so on; evictions and a deadlock pass by themselves. */
export async function whileMuchIsWrong<Result>(
  project: Project,
  act: () => Promise<Result>,
): Promise<Result> {
  await using causes = new AsyncDisposableStack()
  causes.use(await neglectBackups(project))
  causes.use(await loseMonths(project))
  causes.use(await holdSessions(project))
  causes.use(await fillDisk(project))
  await lockAcross(project)
  await overfill({ send: (...words) => askRedis(project, words) })
  return await act()
}

/** What this results in after a backup has failed, and before the next one succeeds. */
export async function afterFailedBackup<Result>(
  project: Project,
  act: () => Promise<Result>,
): Promise<Result> {
  const failed = await whileLoginExpired(project, () => runScript(project, 'backup'))
  expect(failed).toMatchObject({ exitCode: 3 })
  try {
    return await act()
  } finally {
    await backUp(project, 1)
  }
}

/** What this results in while every process of the service is frozen. */
export async function whileFrozen<Result>(
  project: Project,
  service: string,
  act: () => Promise<Result>,
): Promise<Result> {
  await freeze(project, service)
  try {
    return await act()
  } finally {
    await thaw(project, service)
  }
}

/** How many days ago each of these happened: more than its alert allows. */
const NEGLECTED = { hma_backup_last_success_timestamp_seconds: 2, hma_restore_verified_timestamp_seconds: 9 }

/** As days after the last backup and the last restore test. Undone by one of each. */
async function neglectBackups(project: Project): Promise<AsyncDisposable> {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    const file = '/backups/metrics.prom'
    const ages = ${JSON.stringify(NEGLECTED)}
    const lines = readFileSync(file, 'utf8').split('\\n').map((line) => {
      const [name] = line.split(' ')
      return name in ages ? name + ' ' + Math.floor(Date.now() / 1000 - ages[name] * 86_400) : line
    })
    writeFileSync(file, lines.join('\\n'))`
  const { exitCode } = await execIn(project, 'backup', ['node', '--input-type=module', '--eval', script])
  expect(exitCode).toBe(0)
  return {
    async [Symbol.asyncDispose]() {
      await backUp(project, 1)
      expect(await runScript(project, 'restore-test')).toMatchObject({ exitCode: 0 })
    },
  }
}

const LAST_MONTHS = `
  select string_agg(leaf::text, ', ') as leaves
    from (select inhrelid::regclass as leaf from pg_inherits where inhparent = 'audit.audit_log'::regclass
           order by inhrelid::regclass::text desc limit 2) months`

/** The next month alone is prepared. Undone by scripts/audit.sh prepare. */
async function loseMonths(project: Project): Promise<AsyncDisposable> {
  const owner = await (await sessionsOf(project))()
  // In this mode the triggers that refuse it do not fire.
  await owner.query('set session_replication_role = replica')
  const [months] = (await owner.query(LAST_MONTHS)).rows as { leaves: string }[]
  await owner.query(`drop table ${months?.leaves}`)
  await owner.end()
  return { [Symbol.asyncDispose]: () => prepareMonths(project) }
}

async function prepareMonths(project: Project): Promise<void> {
  const { host } = await addressOf(project, 'postgres', 5432)
  const environment = {
    HMA_DATABASE_URL: `postgres://hma_migrator@${host}/hma`,
    HMA_DATABASE_PASSWORD: await secretOf(project, 'migrator-password'),
  }
  expect(await project.run('scripts/audit.sh', ['prepare'], { environment })).toMatchObject({ exitCode: 0 })
}

/** More than three tenths of those that the server allows. */
const SESSIONS = 40

/** So many sessions that do nothing; one of them has a transaction open. */
async function holdSessions(project: Project): Promise<AsyncDisposable> {
  const open = await sessionsOf(project)
  const sessions = await Promise.all(Array.from({ length: SESSIONS }, open))
  await sessions[0]?.query('begin; select 1')
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(sessions.map((session) => session.end()))
    },
  }
}

/** Two sessions that end in a deadlock. */
async function lockAcross(project: Project): Promise<void> {
  const open = await sessionsOf(project)
  const [one, other] = [await open(), await open()]
  await deadlock(one, other)
  await Promise.all([one.end(), other.end()])
}

/** Of the engine's disk: enough that other stacks neither take nor free it meanwhile. */
const STEP = 0.02

/** The share of the disk that has to be free for the alert about it: a little less than is free when this is first asked. */
export const diskBoundOf = oncePerCopy(async (_: Project): Promise<number> => {
  const { free, all } = await measureDisk()
  return free / all - STEP
})

/** The disk of the engine's volumes in bytes, as MinIO counts it: without what nobody but root gets. */
async function measureDisk(): Promise<{ free: number; all: number }> {
  const { stdout: folder } = await execa('docker', ['info', '--format', '{{.DockerRootDir}}'])
  const { bsize, blocks, bfree, bavail } = await statfs(folder)
  return { free: bavail * bsize, all: (blocks - (bfree - bavail)) * bsize }
}

const FILL = '/var/lib/postgresql/fill'

/** On one machine the disk of the database and of the object store is that of all volumes. Space is reserved and not written, so that it takes no time. */
async function fillDisk(project: Project): Promise<AsyncDisposable> {
  const { free, all } = await measureDisk()
  const bytes = Math.floor(free - ((await diskBoundOf(project)) - STEP) * all)
  const reserved = await execIn(project, 'postgres', ['fallocate', '--length', `${bytes}`, FILL])
  expect(reserved.exitCode).toBe(0)
  return {
    async [Symbol.asyncDispose]() {
      expect((await execIn(project, 'postgres', ['rm', FILL])).exitCode).toBe(0)
    },
  }
}
