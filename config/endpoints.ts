// Where the services of a stack listen on this machine.
import { CliError, EXIT } from './cli-error.ts'
import { listContainers } from './compose-containers.ts'
import type { Profile, ServicePort } from './services.ts'
import type { StackSettings } from './stack-settings.ts'

export interface Endpoint {
  service: string
  /** Undefined where nothing is published, or nothing runs whose port the engine chooses. */
  url: string | undefined
  /** Port inside of the container. */
  inside: number
  profile?: Profile
}

/** Each port of each service. Ports that the engine chose are asked of it; throws CliError (exit 3) when it does not answer. */
export async function publishedEndpoints({ project, ports }: StackSettings): Promise<Endpoint[]> {
  const isChosen = ports.some(({ hostPort }) => hostPort === 'chosen by the engine')
  const chosen = isChosen ? await publishedPorts(project) : new Map<string, number>()
  return ports.map((port) => {
    const { service, containerPort, profile, protocol } = port
    const hostPort = port.hostPort === 'chosen by the engine' ? chosen.get(keyOf(port)) : port.hostPort
    const url = hostPort === undefined ? undefined : `${protocol}://127.0.0.1:${hostPort}`
    return { service, url, inside: containerPort, ...(profile === undefined ? {} : { profile }) }
  })
}

function keyOf({ service, containerPort }: Pick<ServicePort, 'service' | 'containerPort'>): string {
  return `${service}:${containerPort}`
}

async function publishedPorts(project: string): Promise<Map<string, number>> {
  const containers = await listContainers(project).catch((cause: unknown) => {
    const next = 'scripts/engine.sh'
    throw new CliError({ what: 'The engine gives no answer.', next, exitCode: EXIT.unreachable, cause })
  })
  const ports = containers.flatMap(({ service, ports }) => ports.map((port) => ({ service, ...port })))
  return new Map(ports.map((port) => [keyOf(port), port.hostPort]))
}
