// What happens to a stack from outside: containers that are killed, paused, removed, and secrets that are lost.
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, type Project } from '../../harness/index.ts'
import { prepare } from './compose.ts'
import { containersOf, execIn, nameOf } from './containers.ts'
import { pathWithout } from './doctor.ts'
import { volumeOf } from './owner.ts'
import { replaceText } from './runs.ts'
import { healthOf, run } from './stack.ts'
import { leftovers } from './stack-state.ts'
import { typed } from './typed.ts'

/** Runs `docker COMMAND` on every running container of the stack, and on those that ended where it removes them. */
export async function breakAll(project: Project, command: string): Promise<void> {
  const all = await containersOf(project)
  const hit = command.startsWith('rm') ? all : all.filter(({ status }) => status === 'running')
  await execa('docker', [...command.split(' '), ...hit.map(({ id }) => id)])
}

export async function pause(project: Project, service: string): Promise<void> {
  await execa('docker', ['pause', nameOf(project, service)])
}

const COMPOSE_FILE = 'docker/docker-compose.yml'

/** What brings the container of Redis into each state. */
const INTO = {
  async created(project: Project) {
    await run(project, ['rm', '--stop', '--force', 'redis'])
    await run(project, ['create', 'redis'])
  },
  /** A script that does not end keeps it busy: it refuses the command of its healthcheck. */
  async unhealthy(project: Project) {
    const endless = `REDISCLI_AUTH="$(cat /run/secrets/redis-password)" redis-cli eval 'while true do end' 0`
    await execIn(project, 'redis', ['sh', '-c', endless])
  },
  /** The compose file that starts it again and again is replaced afterwards. */
  async restarting(project: Project) {
    const [works, ends] = ['redis-server --aclfile', 'redis-server --unknown x --aclfile'] as const
    await replaceText(project, COMPOSE_FILE, works, ends)
    await run(project, ['up', '--detach', '--no-deps', 'redis'])
    await replaceText(project, COMPOSE_FILE, ends, works)
  },
}

export const STATES = Object.keys(INTO) as (keyof typeof INTO)[]

/** Brings the container of Redis into that state, and waits until the engine reports it. */
export async function bringInto(project: Project, state: keyof typeof INTO): Promise<void> {
  await INTO[state](project)
  await expect.poll(() => healthOf(project, 'redis'), { timeout: 60_000, interval: 20 }).toBe(state)
}

/** Removes Postgres's container and its volume, while what needs them runs on. */
export async function loseDatabase(project: Project): Promise<void> {
  await run(project, ['rm', '--stop', '--force', 'postgres'])
  await execa('docker', ['volume', 'rm', `${project.composeName}-test_postgres-data`])
}

/** Starts a service of a profile, and kills it. */
export async function killOfProfile(project: Project, profile: string, service: string): Promise<void> {
  await run(project, ['--profile', profile, 'up', '--wait', '--no-deps', service])
  await execa('docker', ['kill', nameOf(project, service)])
}

/** Every secret file of the project. */
export async function secretNames({ root }: Project): Promise<string[]> {
  return (await readdir(join(root, '.hma/secrets'))).sort()
}

/** Removes secret files, and returns their contents. */
export async function loseSecrets({ root }: Project, names: string[]): Promise<Record<string, string>> {
  const entries = names.map(async (name) => {
    const file = join(root, '.hma/secrets', name)
    const content = await readFile(file, 'utf8')
    await rm(file)
    return [name, content] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

export async function restoreSecrets({ root }: Project, secrets: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(secrets)) {
    const file = join(root, '.hma/secrets', name)
    // One that was made anew in between may not be written to.
    await rm(file, { force: true })
    await writeFile(file, content)
    await chmod(file, 0o444)
  }
}

/** The variables of a shell that finds no docker. */
export const withoutDocker = async (project: Project) => ({ PATH: await pathWithout(project, 'docker') })

/** The variables of a shell whose docker finds no engine. */
export const withoutEngine = async () => ({ DOCKER_HOST: 'unix:///missing.sock' })

interface Need {
  secret: string
  /** The volume whose data need it, and the variant that has it. */
  volume: string
  variant: 'dev' | 'test'
  variables?: Record<string, string>
}

/** Every secret that data need, and both variants. */
export const NEEDS: Need[] = [
  { secret: 'postgres-password', volume: 'postgres-data', variant: 'test' },
  { secret: 'postgres-password', volume: 'postgres-data', variant: 'dev' },
  { secret: 'archive-cipher', volume: 'minio-data', variant: 'dev', variables: { HMA_ARCHIVE: 'on' } },
]

/** Loses a secret that a volume needs, and types the command that is then named: exit codes, what is left, and the secrets at the end. */
export async function takeNamedWayOut(
  project: Project,
  { secret, volume, variant, variables = {} }: Need,
): Promise<{ exitCodes: number[]; left: Record<string, number>; secrets: string[] }> {
  const options = { variables: { ...(await prepare(project)), ...variables } }
  await using _ = await volumeOf(project, volume, variant)
  await loseSecrets(project, [secret])
  const refused = await typed(project, 'scripts/env.sh secrets', options)
  const [wayOut = 'false'] = /scripts\/teardown\.sh.*$/.exec(refused.stderr) ?? []
  const removed = await typed(project, wayOut, options)
  const left = await leftovers(project, variant)
  const made = await typed(project, 'scripts/env.sh secrets', options)
  const exitCodes = [refused, removed, made].map(({ exitCode }) => exitCode)
  return { exitCodes, left, secrets: await secretNames(project) }
}
