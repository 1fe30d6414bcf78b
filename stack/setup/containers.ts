// What of the stack is there: its containers, and whether they are what the files describe.
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './child.ts'

export interface Container {
  service: string
  name: string
  id: string
  startedAt: string
  /** Hash of the description it was made from. */
  hash: string
  /** Names of the networks it is on. */
  networks: string[]
  /** Runs once, and is done when it ends. */
  isOnce: boolean
  /** Healthy, or ended with 0 if it runs once. */
  isWell: boolean
  /** As people say it: running (unhealthy), exited (1) … */
  state: string
}

interface Inspected {
  Id: string
  Name: string
  State: { Status: string; ExitCode: number; StartedAt: string; Health?: { Status: string } }
  HostConfig: { RestartPolicy: { Name: string } }
  Config: { Labels: Record<string, string> }
  NetworkSettings: { Networks: Record<string, unknown> }
}

/** What compose makes of the files, as far as it is of interest here. */
export interface Model {
  services: Record<string, { networks?: Record<string, unknown> }>
  networks: Record<string, { name: string }>
}

/** What the files describe of each service: the hash of it, and names of the networks it is on. */
export interface Wanted {
  hashes: Map<string, string>
  networks: Map<string, string[]>
}

const ASK_WITHIN_MS = 30_000

/** Every container of the compose project, whatever its state. */
export async function containersOf(project: string, root: string): Promise<Container[]> {
  const plan = { root, withinMs: ASK_WITHIN_MS }
  const filter = `label=com.docker.compose.project=${project}`
  const { stdout: ids } = await run(
    'docker',
    ['ps', '--all', '--quiet', '--no-trunc', '--filter', filter],
    plan,
  )
  const found = ids.split('\n').filter(Boolean)
  if (found.length === 0) return []
  const { stdout } = await run('docker', ['inspect', ...found], plan)
  const inspected = JSON.parse(stdout) as Inspected[]
  return inspected.map(containerOf).toSorted((one, other) => one.service.localeCompare(other.service))
}

function containerOf({ Id, Name, State, HostConfig, Config, NetworkSettings }: Inspected): Container {
  const { Status, ExitCode, Health } = State
  const isOnce = HostConfig.RestartPolicy.Name === 'no'
  const isHealthy = Status === 'running' && (Health === undefined || Health.Status === 'healthy')
  const said = Status === 'exited' ? ExitCode : Health?.Status
  return {
    service: Config.Labels['com.docker.compose.service'] ?? '',
    name: Name.replace('/', ''),
    id: Id,
    startedAt: State.StartedAt,
    hash: Config.Labels['com.docker.compose.config-hash'] ?? '',
    networks: Object.keys(NetworkSettings.Networks),
    isOnce,
    isWell: isOnce ? Status === 'exited' && ExitCode === 0 : isHealthy,
    state: said === undefined ? Status : `${Status} (${said})`,
  }
}

/** True when every service that is wanted is there, well, and made from what is described now: nothing is to be done. */
export function isInPlace({ hashes, networks }: Wanted, there: Container[], root: string): boolean {
  const byService = new Map(there.map((container) => [container.service, container]))
  const isThere = ([service, hash]: [string, string]) => {
    const container = byService.get(service)
    return container?.isWell && container.hash === hash
  }
  return [...hashes].every(isThere) && !isNewer(root, there) && halfMade(networks, there).length === 0
}

/** Names of the networks that each service is to be on. */
export function networksOf({ services, networks }: Model): Map<string, string[]> {
  const named = (network: string) => networks[network]?.name ?? network
  return new Map(
    Object.entries(services).map(([service, own]) => [service, Object.keys(own.networks ?? {}).map(named)]),
  )
}

/** Containers that lack a network of theirs. */
export function halfMade(wanted: Map<string, string[]>, there: Container[]): Container[] {
  return there.filter(({ service, networks }) => {
    const described = wanted.get(service) ?? []
    return described.some((network) => !networks.includes(network))
  })
}

/** Compose's hash does not see the content of what a container mounts; its time of change tells. */
function isNewer(root: string, there: Container[]): boolean {
  const files = globSync('docker/*.{yml,sh}', { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs)
  return there.some(({ isOnce, startedAt }) => isOnce && Date.parse(startedAt) < Math.max(...files))
}

/** Those of which id or start is another than before. */
export function changedAmong(before: Container[], after: Container[]): string[] {
  const known = new Set(before.map(({ id, startedAt }) => `${id} ${startedAt}`))
  return after.filter(({ id, startedAt }) => !known.has(`${id} ${startedAt}`)).map(({ service }) => service)
}

const LINES = 15
/** It waits for one that failed, and has nothing to say. */
const NEVER_STARTED = 'created'

/** For each container that is not well its state, and the last that it said. */
export async function lastWords(there: Container[], root: string): Promise<string[]> {
  const ill = there.filter(({ isWell, state }) => !isWell && state !== NEVER_STARTED)
  const told = await Promise.all(
    ill.map(async ({ name, state }) => {
      const log = await run('docker', ['logs', '--tail', String(LINES), name], {
        root,
        withinMs: ASK_WITHIN_MS,
      })
      const lines = `${log.stdout}${log.stderr}`.trim().split('\n').slice(-LINES)
      return [`${name} is ${state}. Its last lines:`, ...lines.map((line) => `    ${line}`)]
    }),
  )
  return told.flat()
}
