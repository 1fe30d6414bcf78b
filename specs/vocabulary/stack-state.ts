// What a stack really is after a set-up, asked of the engine and the database and not of the set-up.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import { askRedis } from './clients.ts'
import type { Variant } from './compose.ts'
import { baseFile } from './compose-files.ts'
import { type Container, containersOf, execIn, nameOf, stackOf } from './containers.ts'
import { asRoot } from './store.ts'

export interface StackState {
  /** Services that are healthy, or that ran once and ended with 0. */
  healthy: string[]
  unhealthy: string[]
  /** Services on the network where ports are published. */
  reachable: string[]
  /** Exit code of `scripts/migrate.sh status`: 0 means that all migrations are applied and nothing has drifted. */
  migrations: number
  people: number
  documents: number
}

interface Definition {
  profiles?: string[]
  ports?: string[]
  networks?: string[]
  restart?: string
}

/** What the compose file defines, without the services of a profile. */
function defined(project: Project): Record<string, Definition> {
  const { services } = baseFile(project)
  return Object.fromEntries(
    Object.entries(services as Record<string, Definition>).filter(([, { profiles }]) => !profiles),
  )
}

/** Names of what the compose file defines under this key: `secrets`, `volumes` … */
export function definedNames(project: Project, key: string): string[] {
  return Object.keys(baseFile(project)[key] as object).sort()
}

/** Services without a profile that publish a port, sorted. */
export function servicesWithPorts(project: Project): string[] {
  const entries = Object.entries(defined(project)).filter(([, { ports = [] }]) => ports.length > 0)
  return entries.map(([name]) => name).sort()
}

/** The state that a set-up must reach. */
export function completeState(project: Project): StackState {
  const services = defined(project)
  const isReachable = (name: string) => services[name]?.networks?.includes('edge')
  const healthy = Object.keys(services).sort()
  const reachable = healthy.filter(isReachable)
  return { healthy, unhealthy: [], reachable, migrations: 0, people: 12, documents: 4 }
}

export async function inspectStack(project: Project): Promise<StackState> {
  const services = defined(project)
  const isHealthy = ({ service, status, exitCode, health }: Container) =>
    services[service]?.restart === 'no'
      ? status === 'exited' && exitCode === 0
      : status === 'running' && health === 'healthy'
  const containers = await containersOf(project)
  const namesOf = (select: (container: Container) => boolean) =>
    containers.filter(select).map(({ service }) => service)
  const [people = -1, documents = -1] = await rowCounts(project)
  return {
    healthy: namesOf(isHealthy),
    unhealthy: namesOf((container) => !isHealthy(container)),
    reachable: namesOf(({ networks }) => networks.includes(`${stackOf(project)}_edge`)),
    migrations: await migrationStatus(project),
    people,
    documents,
  }
}

/** None where the database does not answer. */
async function rowCounts(project: Project): Promise<number[]> {
  const counts = 'select (select count(*) from auth.users), (select count(*) from reference.legal_documents)'
  const row = await sql(project, counts).catch(() => '')
  return row === '' ? [] : row.split('|').map(Number)
}

/** One value of the stack's database, asked as its superuser at the server's own socket. Throws where there is none. */
export async function sql(project: Project, statement: string, variant: Variant = 'test'): Promise<string> {
  const login = ['--username', 'postgres', '--dbname', 'hma', '--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1']
  const { exitCode, stdout } = await execIn(project, 'postgres', ['psql', ...login, '-c', statement], variant)
  if (exitCode !== 0) throw new Error(`The database of the stack refuses: ${statement}`)
  return stdout
}

/** Where a service of the stack is published, as `scripts/env.sh where` says it. */
export async function publishedUrl(project: Project, service: string): Promise<string | undefined> {
  const where = await project.run('scripts/env.sh', ['where', '--variant', 'test', '--json'], {
    environment: { HMA_PROJECT: project.composeName },
  })
  const endpoints = JSON.parse(where.stdout) as { service: string; url?: string }[]
  return endpoints.find((endpoint) => endpoint.service === service)?.url
}

function migrationStatus(project: Project): Promise<number> {
  return runAsMigrator(project, 'scripts/migrate.sh', ['status'])
}

/** Loads one seed alone, as a set-up leaves it that is killed before the next one. Returns the exit code. */
export function loadSeed(project: Project, seed: string): Promise<number> {
  return runAsMigrator(project, 'scripts/seed.sh', [seed])
}

/** Exit code of a script that works on the stack's database; -1 where no Postgres is published. */
async function runAsMigrator(project: Project, script: string, words: string[]): Promise<number> {
  const url = await publishedUrl(project, 'postgres')
  if (url === undefined) return -1
  const environment = {
    HMA_DATABASE_URL: `${url.replace('://', '://hma_migrator@')}/hma`,
    HMA_DATABASE_PASSWORD_FILE: '.hma/secrets/migrator-password',
  }
  return (await project.run(script, words, { environment })).exitCode
}

/** All that a second set-up must not change: containers with their start times, rows of every table, keys, settings, secrets, objects, uploads. */
export async function snapshot(project: Project): Promise<string[]> {
  const containers = await containersOf(project)
  return [
    ...containers.map(({ service, id, startedAt }) => `${service} ${id} ${startedAt}`),
    ...(await sql(project, ROWS)).split('\n'),
    ...files(project).map(
      (file) => `${file} ${statSync(join(project.root, file)).ino} ${readFileSync(join(project.root, file))}`,
    ),
    ...(await objects(project)),
    ...(await uploads(project)),
    `keys ${await askRedis(project, ['keys', '*'])}`,
  ]
}

const ROWS = `select format('%s.%s %s', schemaname, relname, query_to_xml(format($$ select count(*), md5(string_agg(t::text, ','
  order by t::text)) from %I.%I as t $$, schemaname, relname), false, true, '')) from pg_stat_user_tables order by 1`

function files({ root }: Project): string[] {
  return ['.env', ...globSync('.hma/secrets/*', { cwd: root }).sort()]
}

/** Versions of objects in every bucket, as MinIO stores them on its disk. */
async function objects(project: Project): Promise<string[]> {
  const list = 'find /data/hma /data/hma-backups -type f -exec cksum {} +'
  return (await execIn(project, 'minio', ['sh', '-c', list])).stdout.split('\n').sort()
}

/** Those that were begun and did not end, as the store lists them; each by its number, too, as it is on its disk. */
async function uploads(project: Project): Promise<string[]> {
  using store = await asRoot(project)
  const listed = await Promise.all(['hma', 'hma-backups'].map((bucket) => store.unfinished(bucket)))
  const parts = await execIn(project, 'minio', ['find', '/data/.minio.sys/multipart', '-type', 'f'])
  return [...listed.flat().map((key) => `upload ${key}`), ...parts.stdout.split('\n').sort()]
}

/** Disconnects a service from the network of published ports, as a kill before it was connected leaves it. */
export async function disconnectFromEdge(project: Project, service: string): Promise<void> {
  await execa('docker', ['network', 'disconnect', `${stackOf(project)}_edge`, nameOf(project, service)])
}

/** Stops the stack and removes its networks, as `docker network prune` does, or an engine that lost its list of them. */
export async function removeNetworks(project: Project): Promise<void> {
  const ids = (await containersOf(project)).map(({ id }) => id)
  await execa('docker', ['stop', ...ids])
  for (const network of ['data', 'edge'])
    await execa('docker', ['network', 'rm', `${stackOf(project)}_${network}`])
}

/** Stops a service by command, so that the engine does not restart it. */
export async function stopService(project: Project, service: string): Promise<void> {
  await execa('docker', ['stop', nameOf(project, service)])
}

export const NOTHING_LEFT = { containers: 0, networks: 0, volumes: 0 }

/** How many containers, networks and volumes of the stack exist on the engine. */
export async function leftovers(
  project: Project,
  variant: Variant = 'test',
): Promise<Record<string, number>> {
  const label = `label=com.docker.compose.project=${stackOf(project, variant)}`
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
