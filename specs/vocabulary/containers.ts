// Containers of a stack as the engine reports them, and commands inside of them.
import { execa } from 'execa'
import type { Project } from '../../harness/index.ts'
import type { Variant } from './compose.ts'

export interface Container {
  service: string
  id: string
  /** running, exited, created … */
  status: string
  exitCode: number
  /** `none` without a healthcheck. */
  health: string
  /** What asks it, as the engine runs it. */
  healthcheck: string[]
  startedAt: string
  /** How often the engine has started it again. */
  restarts: number
  limits: { cpus: number; memoryMiB: number; pids: number }
  networks: string[]
  /** In its networks. */
  addresses: string[]
  /** Ports of this machine that lead to it. */
  published: string[]
}

/** Every container of that variant, by service. */
export async function containersOf(project: Project, variant: Variant = 'test'): Promise<Container[]> {
  const label = `label=com.docker.compose.project=${stackOf(project, variant)}`
  const { stdout: ids } = await execa('docker', ['ps', '--all', '--quiet', '--filter', label])
  if (ids === '') return []
  const { stdout } = await execa('docker', ['inspect', ...ids.split('\n')])
  const found = (JSON.parse(stdout) as Inspected[]).map(read)
  return found.sort((one, other) => one.service.localeCompare(other.service))
}

/** The container of a service. Throws if there is none. */
export async function containerOf(project: Project, service: string): Promise<Container> {
  const { stdout } = await execa('docker', ['inspect', nameOf(project, service)])
  const [inspected] = JSON.parse(stdout) as [Inspected]
  return read(inspected)
}

/** Addresses to which a name leads in the network of the stores. */
export async function addressesNamed(project: Project, name: string): Promise<string[]> {
  const { stdout } = await execIn(project, 'postgres', ['getent', 'ahostsv4', name])
  return [...new Set(stdout.match(/^[\d.]+/gm))].sort()
}

/** Runs a command in it; exit code 124 when it does not end within four seconds. */
export async function execIn(
  project: Project,
  service: string,
  command: string[],
  variant: Variant = 'test',
): Promise<{ exitCode: number; stdout: string }> {
  const options = { reject: false, timeout: 4000, stdin: 'ignore' } as const
  const words = ['exec', nameOf(project, service, variant), ...command]
  const { exitCode = 1, stdout, timedOut } = await execa('docker', words, options)
  return { exitCode: timedOut ? 124 : exitCode, stdout }
}

export function nameOf(project: Project, service: string, variant: Variant = 'test'): string {
  return `${stackOf(project, variant)}-${service}-1`
}

/** Name of the compose project for a variant. */
export function stackOf({ composeName }: Project, variant: Variant = 'test'): string {
  return variant === 'dev' ? composeName : `${composeName}-${variant}`
}

interface Inspected {
  Id: string
  RestartCount: number
  State: { StartedAt: string; Status: string; ExitCode: number; Health?: { Status: string } }
  HostConfig: { NanoCpus: number; Memory: number; PidsLimit: number }
  Config: { Labels: Record<string, string>; Healthcheck?: { Test?: string[] } }
  NetworkSettings: {
    Networks: Record<string, { IPAddress: string }>
    Ports: Record<string, { HostPort: string }[] | null>
  }
}

function read({ Id, RestartCount, State, HostConfig, Config, NetworkSettings }: Inspected): Container {
  return {
    service: Config.Labels['com.docker.compose.service'] ?? '',
    ...{ id: Id, status: State.Status, exitCode: State.ExitCode, startedAt: State.StartedAt },
    ...{ health: State.Health?.Status ?? 'none', healthcheck: Config.Healthcheck?.Test ?? [] },
    restarts: RestartCount,
    limits: {
      cpus: HostConfig.NanoCpus / 1e9,
      memoryMiB: HostConfig.Memory / 2 ** 20,
      pids: HostConfig.PidsLimit,
    },
    networks: Object.keys(NetworkSettings.Networks),
    addresses: Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress),
    published: Object.values(NetworkSettings.Ports).flatMap((ports) =>
      (ports ?? []).map(({ HostPort }) => HostPort),
    ),
  }
}
