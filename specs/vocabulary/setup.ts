// The verbs specs use for the set-up: run to its end or killed in mid-step, and what the stack then really is.
import { once } from 'node:events'
import { globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { execa } from 'execa'
import { expect, type Outcome, type Project } from '../../harness/index.ts'

const WITHIN_MS = 170_000
const WORDS = ['--variant', 'test', '--json']

export interface SetUp {
  exitCode: number
  done: boolean
  changed: boolean
  /** Names of the steps that changed something. */
  changedSteps: string[]
  /** Lines on standard error. */
  said: string[]
  lastLine: string
}

/** Runs the set-up for the test variant, under the project's own name. */
export function setUp(project: Project, environment: Record<string, string> = {}): Promise<SetUp> {
  return runSetUp(project, WORDS, environment)
}

/** The same for dev, which listens at the ports that are given. */
export function setUpDev(project: Project, environment: Record<string, string>): Promise<SetUp> {
  return runSetUp(project, ['--variant', 'dev', '--json'], environment)
}

async function runSetUp(project: Project, words: string[], more: Record<string, string>): Promise<SetUp> {
  const options = { environment: { ...nameOf(project), ...more }, timeoutMs: WITHIN_MS }
  return readReport(await project.run('scripts/setup-dev-environment.sh', words, options))
}

function nameOf(project: Project): Record<string, string> {
  return { HMA_PROJECT: project.composeName }
}

interface Report {
  done: boolean
  changed: boolean
  steps: { step: string; changed: boolean }[]
}

function readReport({ exitCode, stdout, stderr }: Outcome): SetUp {
  const empty: Report = { done: false, changed: false, steps: [] }
  const { done, changed, steps } = stdout === '' ? empty : (JSON.parse(stdout) as Report)
  const changedSteps = steps.filter((step) => step.changed).map(({ step }) => step)
  const said = stderr.trim().split('\n')
  return { exitCode, done, changed, changedSteps, said, lastLine: said.at(-1) ?? '' }
}

const firsts = new Map<string, Promise<SetUp>>()

/** The project's stack, set up by the first who asks for it. */
export function firstSetUp(project: Project): Promise<SetUp> {
  const first = firsts.get(project.root) ?? setUp(project)
  firsts.set(project.root, first)
  return first
}

/** Starts the set-up and kills it, with all it has started, as soon as it has done with that step. */
export async function killAfter(project: Project, step: string): Promise<void> {
  await killOnce(project, (said) => said.includes(`"step":"${step}"`))
}

/** The same, as soon as that service has a container. */
export async function killAmong(project: Project, service: string): Promise<void> {
  await killOnce(project, async () =>
    (await inspect(project)).some((container) => container.service === service),
  )
}

async function killOnce(
  project: Project,
  isReached: (said: string) => boolean | Promise<boolean>,
): Promise<void> {
  const child = project.start('scripts/setup-dev-environment.sh', WORDS, { environment: nameOf(project) })
  const ended = once(child, 'close')
  let said = ''
  child.stdout?.resume()
  child.stderr?.on('data', (chunk) => (said += chunk))
  const isDone = async () => child.exitCode !== null || (await isReached(said))
  await expect.poll(isDone, { timeout: WITHIN_MS, interval: 5 }).toBe(true)
  expect(child.exitCode).toBeNull()
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await ended
}

export interface Stack {
  /** Services that are healthy, or that ran once and ended with 0. */
  well: string[]
  ill: string[]
  /** Exit code of `scripts/migrate.sh status`: 0 says that all is applied and nothing has drifted. */
  migrations: number
  people: number
  documents: number
}

/** Asks the engine and the database, and not the set-up. */
export async function lookAt(project: Project): Promise<Stack> {
  const containers = await inspect(project)
  const well = containers.filter(isWell).map(({ service }) => service)
  const ill = containers.filter((container) => !isWell(container)).map(({ service }) => service)
  if (!well.includes('postgres')) return { well, ill, migrations: -1, people: -1, documents: -1 }
  const counts = 'select (select count(*) from auth.users), (select count(*) from reference.legal_documents)'
  const counted = await sql(project, counts).catch(() => '-1|-1')
  const [people = -1, documents = -1] = counted.split('|').map(Number)
  return { well, ill, migrations: await statusOfMigrations(project), people, documents }
}

interface Container {
  service: string
  id: string
  startedAt: string
  status: string
  exitCode: number
  health: string
}

async function inspect({ composeName }: Project): Promise<Container[]> {
  const label = `label=com.docker.compose.project=${composeName}-test`
  const { stdout: ids } = await execa('docker', ['ps', '--all', '--quiet', '--filter', label])
  if (ids === '') return []
  const { stdout } = await execa('docker', ['inspect', ...ids.split('\n')])
  return (JSON.parse(stdout) as Inspected[])
    .map(({ Id, State, Config }) => ({
      service: Config.Labels['com.docker.compose.service'] ?? '',
      ...{ id: Id, startedAt: State.StartedAt, status: State.Status, exitCode: State.ExitCode },
      health: State.Health?.Status ?? 'none',
    }))
    .sort((one, other) => one.service.localeCompare(other.service))
}

interface Inspected {
  Id: string
  State: { StartedAt: string; Status: string; ExitCode: number; Health?: { Status: string } }
  Config: { Labels: Record<string, string> }
}

const ONCE = ['bucket', 'migrate']

function isWell({ service, status, exitCode, health }: Container): boolean {
  if (ONCE.includes(service)) return status === 'exited' && exitCode === 0
  return status === 'running' && health === 'healthy'
}

/** One value of the stack's database, asked as its superuser at the server's own socket. */
export async function sql({ composeName }: Project, statement: string): Promise<string> {
  const psql = [
    'psql',
    '--username',
    'postgres',
    '--dbname',
    'hma',
    '--no-psqlrc',
    '-qAt',
    '-v',
    'ON_ERROR_STOP=1',
  ]
  const { stdout } = await execa('docker', [
    'exec',
    `${composeName}-test-postgres-1`,
    ...psql,
    '-c',
    statement,
  ])
  return stdout
}

async function statusOfMigrations(project: Project): Promise<number> {
  const where = ['where', '--variant', 'test', '--json']
  const { stdout } = await project.run('scripts/env.sh', where, { environment: nameOf(project) })
  const places = JSON.parse(stdout) as { service: string; url: string }[]
  const url = places.find(({ service }) => service === 'postgres')?.url ?? ''
  const environment = {
    HMA_DATABASE_URL: `${url.replace('://', '://postgres@')}/hma`,
    HMA_DATABASE_PASSWORD_FILE: '.hma/secrets/postgres-password',
  }
  return (await project.run('scripts/migrate.sh', ['status'], { environment })).exitCode
}

/** All that a second set-up must leave as it is: containers with their starts, rows of every table, settings, secrets, objects. */
export async function traces(project: Project): Promise<string[]> {
  const containers = await inspect(project)
  return [
    ...containers.map(({ service, id, startedAt }) => `${service} ${id} ${startedAt}`),
    ...(await sql(project, ROWS)).split('\n'),
    ...files(project).map(
      (file) => `${file} ${statSync(join(project.root, file)).ino} ${readFileSync(join(project.root, file))}`,
    ),
    ...(await objects(project)),
  ]
}

const ROWS = `select format('%s.%s %s', schemaname, relname, query_to_xml(format('select count(*) from %I.%I', schemaname,
  relname), false, true, '')) from pg_stat_user_tables order by 1`

function files({ root }: Project): string[] {
  return ['.env', ...globSync('.hma/secrets/*', { cwd: root }).sort()]
}

/** Versions of objects as the store keeps them on its disk. */
async function objects({ composeName }: Project): Promise<string[]> {
  const list = ['find', '/data/hma', '-type', 'f', '-exec', 'cksum', '{}', '+']
  const { stdout } = await execa('docker', ['exec', `${composeName}-test-minio-1`, ...list])
  return stdout.split('\n').sort()
}

/** Makes up a secret that its service will not take. */
export async function giveSecret({ root }: Project, name: string, content: string): Promise<void> {
  const folder = join(root, '.hma/secrets')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, name), content)
}

/** Takes a service off the network where it is reached, as a kill leaves it that comes before it was put there. */
export async function unplug({ composeName }: Project, service: string): Promise<void> {
  await execa('docker', [
    'network',
    'disconnect',
    `${composeName}-test_edge`,
    `${composeName}-test-${service}-1`,
  ])
}

/** Ends a service as its own end would, so that nothing starts it again. */
export async function stop({ composeName }: Project, service: string): Promise<void> {
  await execa('docker', ['stop', `${composeName}-test-${service}-1`])
}

interface Kept {
  variables: string[]
  secrets: string[]
  bucket: string
  appPassword: string
  bad: string[]
}

/** Names of settings and secrets that are there and say something; `bad` are those that do not, and drafts that were left. */
export function keptSettings({ root }: Project): Kept {
  const kept = parseEnv(readFileSync(join(root, '.env'), 'utf8'))
  const folder = join(root, '.hma/secrets')
  const secrets = globSync('*', { cwd: folder }).sort()
  return {
    variables: Object.keys(kept).sort(),
    secrets,
    bucket: kept.HMA_BUCKET ?? '',
    appPassword: readFileSync(join(folder, 'app-password'), 'utf8').trim(),
    bad: [
      ...secrets.filter((name) => readFileSync(join(folder, name), 'utf8').trim() === ''),
      ...globSync('.env.*', { cwd: root }).filter((name) => name !== '.env.example'),
    ],
  }
}

/** Names in .env.example. */
export function wantedVariables({ root }: Project): string[] {
  return Object.keys(parseEnv(readFileSync(join(root, '.env.example'), 'utf8'))).sort()
}

/** What of the stack is left on the engine, by kind. */
export async function leftovers({ composeName }: Project): Promise<Record<string, number>> {
  const label = `label=com.docker.compose.project=${composeName}-test`
  const count = async (words: string[]) => {
    const { stdout } = await execa('docker', [...words, '--quiet', '--filter', label])
    return stdout.split('\n').filter(Boolean).length
  }
  const [containers, networks, volumes] = await Promise.all([
    count(['ps', '--all']),
    count(['network', 'ls']),
    count(['volume', 'ls']),
  ])
  return { containers, networks, volumes }
}
