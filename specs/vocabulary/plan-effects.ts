// What the commands of the plan are for, seen on the dev stack of a copy of the project: in its files, database, cache and bucket.
import { parse } from 'yaml'
import { expect, type Project } from '../../harness/index.ts'
import { askRedis } from './clients.ts'
import type { COMMANDS } from './plan.ts'
import { numbersByLine } from './stats.ts'
import { asBackup } from './store.ts'
import { answerOf, servicesWithoutProfile, typed, valueInEnv } from './typed.ts'

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
  'scripts/restore.sh --database hma_plan': restoresBeside,
  'scripts/setup-dev-environment.sh': startsWhatWasStopped,
}

async function rendersTheStack(project: Project, command: string): Promise<Effect> {
  const { exitCode, stdout } = await typed(project, command)
  const services = Object.keys(parse(stdout)?.services ?? {}).sort()
  return { found: [exitCode, services], expected: [0, servicesWithoutProfile(project)] }
}

/** On an empty database, and a migration more on that of the stack. */
async function appliesWhatIsPending(project: Project, command: string): Promise<Effect> {
  const status = './scripts/migrate.sh status'
  const whole = await onEmptyDatabase(project, [status, command, status])
  await addMigration(project)
  const { exitCode } = await typed(project, command)
  const index = await answerOf(project, "select to_regclass('ml.plan')")
  const undone = await typed(project, 'scripts/migrate.sh down')
  await removeMigration(project)
  return {
    found: [whole, exitCode, index, undone.exitCode],
    expected: [[33, 0, 0, 'auth.users'], 0, 'ml.plan', 0],
  }
}

async function tellsWhatIsPending(project: Project, command: string): Promise<Effect> {
  const whole = await onEmptyDatabase(project, [command])
  await addMigration(project)
  const pending = await typed(project, command)
  await removeMigration(project)
  const nothing = await typed(project, command)
  return { found: [whole, pending.exitCode, nothing.exitCode], expected: [[33, ''], 33, 0] }
}

const PSQL = 'scripts/compose.sh exec -T postgres psql -U postgres -tA'
const REMOVE_EMPTY = "-c 'drop database if exists hma_empty with (force)'"

/** Exit codes of these commands on a new database of the same server, and the table of the users that it then has. */
async function onEmptyDatabase(project: Project, commands: string[]): Promise<(number | string)[]> {
  await typed(project, `${PSQL} -d postgres ${REMOVE_EMPTY} -c 'create database hma_empty'`)
  const port = await valueInEnv(project, 'HMA_POSTGRES_PORT')
  const variables = {
    HMA_DATABASE_URL: `postgres://hma_migrator@127.0.0.1:${port}/hma_empty`,
    HMA_DATABASE_PASSWORD_FILE: '.hma/secrets/migrator-password',
    HMA_SUPERUSER_PASSWORD_FILE: '.hma/secrets/postgres-password',
    HMA_ENVIRONMENT: 'development',
  }
  const codes: number[] = []
  for (const command of commands) codes.push((await typed(project, command, { variables })).exitCode)
  const users = await typed(project, `${PSQL} -d hma_empty -c "select to_regclass('auth.users')"`)
  await typed(project, `${PSQL} -d postgres ${REMOVE_EMPTY}`)
  return [...codes, users.stdout]
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

const STOPPED = ['minio', 'postgres', 'redis']

/** Of each store. The ML stub needs a moment until it has found its database again. */
async function noticesAStop(project: Project, command: string): Promise<Effect> {
  const exitCode = async () => (await typed(project, command)).exitCode
  await typed(project, `scripts/compose.sh stop ${STOPPED.join(' ')}`)
  const stopped = await exitCode()
  const failed = await failedServices(project, command)
  await typed(project, `scripts/compose.sh up --wait ${STOPPED.join(' ')}`)
  await expect.poll(exitCode, UNTIL_CONNECTED).toBe(0)
  return { found: [stopped, STOPPED.filter((service) => failed.includes(service))], expected: [1, STOPPED] }
}

const UNTIL_CONNECTED = { timeout: 45_000, interval: 1000 }

async function failedServices(project: Project, command: string): Promise<string[]> {
  const { stdout } = await typed(project, `${command} --json`)
  const { services = [] } = JSON.parse(stdout || '{}') as { services?: { service: string; state: string }[] }
  return services.filter(({ state }) => state === 'failed').map(({ service }) => service)
}

/** Every user is in the restored database. */
async function restoresBeside(project: Project, command: string): Promise<Effect> {
  if ((await backupsOf(project)).length === 0) await typed(project, 'scripts/backup.sh')
  const { exitCode } = await typed(project, command)
  const users = await typed(project, `${PSQL} -d hma_plan -c 'select count(*) from auth.users'`)
  await typed(project, `${PSQL} -d postgres -c 'drop database if exists hma_plan with (force)'`)
  return { found: [exitCode, users.stdout], expected: [0, '12'] }
}

async function startsWhatWasStopped(project: Project, command: string): Promise<Effect> {
  const answer = () => askRedis(project, ['PING'], 'dev')
  await typed(project, 'scripts/compose.sh stop redis')
  const stopped = await answer()
  const { exitCode } = await typed(project, command)
  return { found: [stopped === 'PONG', exitCode, await answer()], expected: [false, 0, 'PONG'] }
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
