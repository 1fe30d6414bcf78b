// What the commands of the plan are for, seen on the dev stack of a copy of the project: in its files, database, cache and bucket.
import { parse } from 'yaml'
import type { Project } from '../../harness/index.ts'
import { askRedis } from './clients.ts'
import type { COMMANDS } from './plan.ts'
import { numbersByLine } from './stats.ts'
import { asBackup } from './store.ts'
import { answerOf, servicesWithoutProfile, typed } from './typed.ts'

type Command = (typeof COMMANDS)[number]

interface Effect {
  /** Exit codes, and what is there afterwards. */
  found: unknown[]
  expected: unknown[]
}

const BUCKET = 'hma-backups'

/** Types the command, and looks whether it has done what it is for. */
export const EFFECTS: Record<Command, (project: Project, command: string) => Promise<Effect>> = {
  'docker compose -f docker/docker-compose.yml config': rendersTheStack,
  './scripts/migrate.sh apply': appliesWhatIsPending,
  './scripts/migrate.sh status': tellsWhatIsPending,
  'scripts/db-stats.sh': showsTheServer,
  'scripts/slow-queries.sh': showsTheSlowStatement,
  'scripts/cache-stats.sh': showsTheKeys,
  'scripts/smoke.sh': noticesAStop,
  'scripts/backup.sh': storesABackup,
  'scripts/restore-test.sh': keepsAReport,
}

async function rendersTheStack(project: Project, command: string): Promise<Effect> {
  const { exitCode, stdout } = await typed(project, command)
  const services = Object.keys(parse(stdout)?.services ?? {}).sort()
  return { found: [exitCode, services], expected: [0, servicesWithoutProfile(project)] }
}

async function appliesWhatIsPending(project: Project, command: string): Promise<Effect> {
  await addMigration(project)
  const { exitCode } = await typed(project, command)
  const index = await answerOf(project, "select to_regclass('ml.plan')")
  const undone = await typed(project, 'scripts/migrate.sh down')
  await removeMigration(project)
  return { found: [exitCode, index, undone.exitCode], expected: [0, 'ml.plan', 0] }
}

async function tellsWhatIsPending(project: Project, command: string): Promise<Effect> {
  await addMigration(project)
  const pending = await typed(project, command)
  await removeMigration(project)
  const nothing = await typed(project, command)
  return { found: [pending.exitCode, nothing.exitCode], expected: [33, 0] }
}

async function addMigration(project: Project): Promise<void> {
  const statements = { up: 'create index plan on ml.model (created_at);', down: 'drop index ml.plan;' }
  await typed(project, 'scripts/migrate.sh new plan')
  for (const [way, statement] of Object.entries(statements))
    await typed(project, `echo '${statement}' | tee -a migrations/*_plan.${way}.sql`)
}

async function removeMigration(project: Project): Promise<void> {
  await typed(project, 'rm migrations/*_plan.up.sql migrations/*_plan.down.sql')
}

/** Of the connections, how many there may be. */
async function showsTheServer(project: Project, command: string): Promise<Effect> {
  const { exitCode, stdout } = await typed(project, command)
  const limit = Number(await answerOf(project, 'show max_connections'))
  return { found: [exitCode, numbersByLine(stdout).connections?.[1]], expected: [0, limit] }
}

async function showsTheSlowStatement(project: Project, command: string): Promise<Effect> {
  await answerOf(project, 'select pg_sleep(4)')
  const { exitCode, stdout } = await typed(project, command)
  return { found: [exitCode, stdout.includes('select pg_sleep($1)')], expected: [0, true] }
}

async function showsTheKeys(project: Project, command: string): Promise<Effect> {
  const set = await askRedis(project, ['MSET', 'plan:1', 'a', 'plan:2', 'b', 'plan:3', 'c'], 'dev')
  const { exitCode, stdout } = await typed(project, command)
  return { found: [set, exitCode, numbersByLine(stdout)['plan:']], expected: ['OK', 0, [3]] }
}

async function noticesAStop(project: Project, command: string): Promise<Effect> {
  await typed(project, 'scripts/compose.sh stop redis')
  const stopped = await typed(project, command)
  await typed(project, 'scripts/compose.sh up --wait redis')
  const started = await typed(project, command)
  return { found: [stopped.exitCode, started.exitCode], expected: [1, 0] }
}

async function storesABackup(project: Project, command: string): Promise<Effect> {
  const before = await backupsOf(project)
  const { exitCode } = await typed(project, command)
  const made = (await backupsOf(project)).filter((id) => !before.includes(id))
  const [manifest] = await Promise.all(made.map((id) => readStored(project, id, 'manifest.json')))
  return { found: [exitCode, manifest?.id, made.length], expected: [0, made[0], 1] }
}

/** Beside the newest backup. */
async function keepsAReport(project: Project, command: string): Promise<Effect> {
  await typed(project, 'scripts/backup.sh')
  const [id = ''] = await backupsOf(project)
  const before = await readStored(project, id, 'restore-test.json')
  const { exitCode } = await typed(project, command)
  const report = await readStored(project, id, 'restore-test.json')
  return {
    found: [before, exitCode, report?.backup, report?.isProven, Number(report?.rows) > 0],
    expected: [undefined, 0, id, true, true],
  }
}

/** Ids of the verified backups, the newest first. */
async function backupsOf(project: Project): Promise<string[]> {
  const { stdout } = await typed(project, 'scripts/backup.sh --list --json')
  const { backups = [] } = JSON.parse(stdout || '{}') as { backups?: { id: string; isVerified: boolean }[] }
  return backups.filter(({ isVerified }) => isVerified).map(({ id }) => id)
}

/** An object of a backup in the bucket; undefined where there is none. */
async function readStored(
  project: Project,
  id: string,
  file: string,
): Promise<Record<string, unknown> | undefined> {
  using store = await asBackup(project, 'dev')
  const text = await store.get(BUCKET, `hma/${id}/${file}`)
  return text.startsWith('{') ? JSON.parse(text) : undefined
}
