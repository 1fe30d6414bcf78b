// The containers of compose projects as the engine sees them: the one reader for endpoints, doctor, set-up and smoke test.
// Node's own modules only, because the doctor runs before `npm ci`.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface PublishedPort {
  hostPort: number
  containerPort: number
}

export interface ComposeContainer {
  id: string
  name: string
  /** Name of the compose project; empty where compose has not made it. */
  project: string
  service: string
  /** The checkout that the compose project was started from. */
  projectFolder: string
  /** created, running, restarting, exited … */
  status: string
  /** `running (unhealthy)`, `exited (1)`, `created` … */
  state: string
  startedAt: string
  /** Compose's hash of the service definition that the container was made from. */
  configHash: string
  /** Names of its networks, without those that were removed while it was stopped: the engine cannot start it in them. */
  networks: string[]
  /** Where its volumes are mounted. */
  volumes: string[]
  ports: PublishedPort[]
  /** Runs once and is done when it ends. */
  isOneShot: boolean
  /** Running and not unhealthy or still starting; a one-shot: ended with exit code 0. */
  isHealthy: boolean
}

const WITHIN_MS = 20_000

/** Containers in any state, by service: those of one compose project, or all of the engine. Rejects when the engine gives no answer. */
export async function listContainers(project?: string): Promise<ComposeContainer[]> {
  const filter = project === undefined ? [] : ['--filter', `label=com.docker.compose.project=${project}`]
  const ids = (await docker('ps', '--all', '--quiet', '--no-trunc', ...filter)).split('\n').filter(Boolean)
  if (ids.length === 0) return []
  const [inspected, networks] = await Promise.all([
    docker('inspect', '--type', 'container', ...ids),
    docker('network', 'ls', '--quiet', '--no-trunc'),
  ])
  const existing = new Set(networks.split('\n'))
  return (JSON.parse(inspected) as Inspected[])
    .map((container) => parse(container, existing))
    .toSorted((one, other) => one.service.localeCompare(other.service))
}

export interface ComposeVolume {
  name: string
  /** Key in the compose file. */
  key: string
  /** Folder of the checkout that made it; empty where plain docker compose has. */
  folder: string
}

/** Label with the folder of the checkout that created the volume. Compose stores the folder only on containers, and these may be gone. */
export const FOLDER_LABEL = 'hma.folder'

/** Volumes of one compose project. Rejects when the engine gives no answer. */
export async function listVolumes(project: string): Promise<ComposeVolume[]> {
  const filter = `label=com.docker.compose.project=${project}`
  const names = (await docker('volume', 'ls', '--quiet', '--filter', filter)).split('\n').filter(Boolean)
  if (names.length === 0) return []
  const inspected = JSON.parse(await docker('volume', 'inspect', ...names)) as InspectedVolume[]
  return inspected.map(({ Name, Labels }) => ({
    name: Name,
    key: Labels['com.docker.compose.volume'] ?? '',
    folder: Labels[FOLDER_LABEL] ?? '',
  }))
}

interface InspectedVolume {
  Name: string
  Labels: Record<string, string>
}

/** Standard output. Where a container was removed since it was listed, `docker inspect` fails and still prints the others. */
async function docker(...args: string[]): Promise<string> {
  const options = { timeout: WITHIN_MS, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)('docker', args, options).catch((error) => {
    if (args.includes('inspect') && /no such/i.test(error.stderr)) return error as { stdout: string }
    throw error
  })
  return stdout
}

interface Inspected {
  Id: string
  Name: string
  State: { Status: string; ExitCode: number; StartedAt: string; Health?: { Status: string } }
  HostConfig: { RestartPolicy: { Name: string }; Tmpfs?: Record<string, string> | null }
  Config: { Labels: Record<string, string> | null }
  Mounts: { Type: string; Destination: string }[]
  NetworkSettings: {
    /** The id is empty until the first start. */
    Networks: Record<string, { NetworkID: string }>
    Ports: Record<string, { HostPort: string }[] | null> | null
  }
}

function parse(inspected: Inspected, existing: Set<string>): ComposeContainer {
  const { Id, Name, State, HostConfig, Config, Mounts, NetworkSettings } = inspected
  const label = (name: string) => Config.Labels?.[`com.docker.compose.${name}`] ?? ''
  const isOneShot = HostConfig.RestartPolicy.Name === 'no'
  return {
    id: Id,
    name: Name.replace('/', ''),
    project: label('project'),
    service: label('service'),
    projectFolder: checkoutOf(label('project.working_dir')),
    status: State.Status,
    state: describeState(State),
    startedAt: State.StartedAt,
    configHash: label('config-hash'),
    networks: Object.entries(NetworkSettings.Networks)
      .filter(([, { NetworkID }]) => NetworkID === '' || existing.has(NetworkID))
      .map(([network]) => network),
    // An engine may list a volume of the image that a file system in memory hides.
    volumes: Mounts.filter(({ Type }) => Type === 'volume')
      .map(({ Destination }) => Destination)
      .filter((folder) => HostConfig.Tmpfs?.[folder] === undefined),
    ports: parsePorts(NetworkSettings.Ports ?? {}),
    isOneShot,
    isHealthy: isOneShot ? State.Status === 'exited' && State.ExitCode === 0 : isUp(State),
  }
}

/** Compose runs in docker/ of a checkout, where the compose files are. */
function checkoutOf(folder: string): string {
  return folder.replace(/\/docker$/, '')
}

function isUp({ Status, Health }: Inspected['State']): boolean {
  return Status === 'running' && (Health === undefined || ['healthy', 'none'].includes(Health.Status))
}

function describeState({ Status, ExitCode, Health }: Inspected['State']): string {
  const detail = Status === 'exited' ? ExitCode : Status === 'running' ? Health?.Status : undefined
  return detail === undefined ? Status : `${Status} (${detail})`
}

/** Keys are `5432/tcp`; a port that is published at several addresses has several bindings. */
function parsePorts(ports: Record<string, { HostPort: string }[] | null>): PublishedPort[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostPort }) => ({
      hostPort: Number(HostPort),
      containerPort: Number.parseInt(port, 10),
    })),
  )
}
