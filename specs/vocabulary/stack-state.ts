// The verbs specs use for a stack that the set-up has brought up: what it really is, by the engine and the database.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import type { Variant } from './compose.ts'
import { type Container, containersOf, execIn, nameOf, stackOf } from './containers.ts'

export interface StackState {
  /** Services that are healthy, or that ran once and ended with 0. */
  healthy: string[]
  unhealthy: string[]
  /** Services on the network where they are reached. */
  reachable: string[]
  /** Exit code of `scripts/migrate.sh status`: 0 says that all is applied and nothing has drifted. */
  migrations: number
  people: number
  documents: number
}

/** Asks the engine and the database, and not the set-up. */
export async function inspectStack(project: Project): Promise<StackState> {
  const containers = await containersOf(project)
  const healthy = containers.filter(isHealthy).map(({ service }) => service)
  const unhealthy = containers.filter((container) => !isHealthy(container)).map(({ service }) => service)
  const isReachable = ({ networks }: Container) => networks.includes(`${stackOf(project)}_edge`)
  const reachable = containers.filter(isReachable).map(({ service }) => service)
  if (!healthy.includes('postgres'))
    return { healthy, unhealthy, reachable, migrations: -1, people: -1, documents: -1 }
  const counts = 'select (select count(*) from auth.users), (select count(*) from reference.legal_documents)'
  const counted = await sql(project, counts).catch(() => '-1|-1')
  const [people = -1, documents = -1] = counted.split('|').map(Number)
  return { healthy, unhealthy, reachable, migrations: await migrationStatus(project), people, documents }
}

const ONE_SHOTS = ['bucket', 'migrate']

function isHealthy({ service, status, exitCode, health }: Container): boolean {
  if (ONE_SHOTS.includes(service)) return status === 'exited' && exitCode === 0
  return status === 'running' && health === 'healthy'
}

/** One value of the stack's database, asked as its superuser at the server's own socket. Throws where there is none. */
export async function sql(project: Project, statement: string, variant: Variant = 'test'): Promise<string> {
  const login = ['--username', 'postgres', '--dbname', 'hma', '--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1']
  const { exitCode, stdout } = await execIn(project, 'postgres', ['psql', ...login, '-c', statement], variant)
  if (exitCode !== 0) throw new Error(`the database of the stack refuses: ${statement}`)
  return stdout
}

async function migrationStatus(project: Project): Promise<number> {
  const where = ['where', '--variant', 'test', '--json']
  const { stdout } = await project.run('scripts/env.sh', where, {
    environment: { HMA_PROJECT: project.composeName },
  })
  const places = JSON.parse(stdout) as { service: string; url: string }[]
  const url = places.find(({ service }) => service === 'postgres')?.url ?? ''
  const environment = {
    HMA_DATABASE_URL: `${url.replace('://', '://postgres@')}/hma`,
    HMA_DATABASE_PASSWORD_FILE: '.hma/secrets/postgres-password',
  }
  return (await project.run('scripts/migrate.sh', ['status'], { environment })).exitCode
}

/** All that a second set-up must leave as it is: containers with their starts, rows of every table, settings, secrets, objects. */
export async function snapshot(project: Project): Promise<string[]> {
  const containers = await containersOf(project)
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
async function objects(project: Project): Promise<string[]> {
  const list = ['find', '/data/hma', '-type', 'f', '-exec', 'cksum', '{}', '+']
  return (await execIn(project, 'minio', list)).stdout.split('\n').sort()
}

/** Takes a service off the network where it is reached, as a kill leaves it that comes before it was put there. */
export async function disconnectFromEdge(project: Project, service: string): Promise<void> {
  await execa('docker', ['network', 'disconnect', `${stackOf(project)}_edge`, nameOf(project, service)])
}

/** Ends a service as its own end would, so that nothing starts it again. */
export async function stopService(project: Project, service: string): Promise<void> {
  await execa('docker', ['stop', nameOf(project, service)])
}

/** What of the stack is left on the engine, by kind. */
export async function leftovers(project: Project): Promise<Record<string, number>> {
  const label = `label=com.docker.compose.project=${stackOf(project)}`
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
