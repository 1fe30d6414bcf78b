// Commands as a reader of the plan types them: in a shell of its own, without our wrapper and without a variable set.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import type { Outcome, Project } from '../../harness/index.ts'
import { baseFile } from './compose-files.ts'
import { containersOf, nameOf } from './containers.ts'
import { freePorts } from './free-ports.ts'
import { oncePerCopy } from './once-per-copy.ts'

const WITHIN_MS = 170_000
const DEV_COMPOSE = 'docker compose -f docker/docker-compose.yml'

export interface TypedOptions {
  folder?: string
  /** What the user has exported. */
  variables?: Record<string, string>
  /** Then it is killed, with all that it started. The exit code is 124. */
  withinMs?: number
}

/** Types that line in a folder of the project. */
export async function typed(
  project: Project,
  line: string,
  { folder = '.', variables = {}, withinMs = WITHIN_MS }: TypedOptions = {},
): Promise<Outcome> {
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env
  const env = {
    PATH,
    HOME,
    LANG: 'C.UTF-8',
    ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
    ...variables,
  }
  const options = { cwd: join(project.root, folder), env, extendEnv: false, reject: false } as const
  const {
    exitCode = 1,
    stdout,
    stderr,
  } = await execa('timeout', ['--kill-after=2', `${withinMs / 1000}`, 'bash', '-c', line], options)
  return { exitCode, stdout, stderr }
}

/** One after the other. */
export async function typedInOrder(project: Project, lines: string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const line of lines) outcomes.push(await typed(project, line))
  return outcomes
}

/** The answer of the stack's database to the superuser. */
export async function answerOf(project: Project, statement: string): Promise<string> {
  const psql = 'scripts/compose.sh exec -T postgres psql -U postgres -d hma -tAc'
  return (await typed(project, `${psql} "${statement}"`)).stdout
}

/** Sets the dev stack up as the README says, under the project's own name and at free ports, both written into .env. Done once per project. */
export const setUpDev = oncePerCopy(async (project) => {
  await writeSettings(project)
  return typed(project, 'scripts/setup-dev-environment.sh')
})

/** Writes .env as a user does whose ports are taken: a name and ports of its own. */
export async function writeSettings(project: Project): Promise<void> {
  const example = await readFile(join(project.root, '.env.example'), 'utf8')
  const names = [...example.matchAll(/^(HMA_\w+_PORT)=/gm)].map(([, name = '']) => name)
  const ports = await freePorts(names.length)
  const lines = [
    `HMA_PROJECT=${project.composeName}`,
    ...names.map((name, index) => `${name}=${ports[index]}`),
  ]
  await writeFile(join(project.root, '.env'), `${lines.join('\n')}\n`)
}

/** Containers of the dev stack, the running ones with the moment of their start: the same list means the same stack, untouched. */
export async function devContainers(project: Project): Promise<string[]> {
  const containers = await containersOf(project, 'dev')
  return containers.map(({ service, id, status, startedAt }) =>
    [service, id, status, ...(status === 'running' ? [startedAt] : [])].join(' '),
  )
}

/** The containers that plain compose finds, from the root and from docker/, and those that the wrapper finds. */
export async function idsSeenBy(project: Project): Promise<Record<string, string[]>> {
  const ids = async (line: string, folder?: string) => {
    const { stdout } = await typed(project, line, folder === undefined ? {} : { folder })
    return stdout.split('\n').sort()
  }
  return {
    root: await ids(`${DEV_COMPOSE} ps --all --quiet`),
    docker: await ids('docker compose ps --all --quiet', 'docker'),
    wrapper: await ids('scripts/compose.sh ps --all --quiet'),
  }
}

/** The services that a log of compose has lines of. */
export function servicesIn(log: string): string[] {
  const services = stripVTControlCharacters(log)
    .split('\n')
    .map((line) => line.replace(/-1\s+\|.*$/, ''))
  return [...new Set(services)].sort()
}

/** Services without a profile, as the base file declares them. */
export function servicesWithoutProfile(project: Project): string[] {
  const services = baseFile(project).services
  return Object.keys(services)
    .filter((name) => services[name]?.profiles === undefined)
    .sort()
}

/** Names of the containers of those that keep running. */
export function namesThatKeepRunning(project: Project): string[] {
  const services = baseFile(project).services
  const lasting = servicesWithoutProfile(project).filter((name) => services[name]?.restart !== 'no')
  return lasting.map((service) => nameOf(project, service, 'dev')).sort()
}

/** Names of the containers in the table that compose prints, below its head. */
export function namesInTable(table: string): string[] {
  const rows = table.split('\n').slice(1)
  return rows.map((row) => row.split(' ')[0] ?? '').sort()
}

/** The value of a variable in .env. */
export async function valueInEnv(project: Project, name: string): Promise<string> {
  const text = await readFile(join(project.root, '.env'), 'utf8')
  return new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? ''
}
