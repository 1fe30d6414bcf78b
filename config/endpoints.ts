// Where the services of a stack listen on this machine, as far as they do.
import { listContainers } from './compose-containers.ts'
import type { Listener, Stack } from './stack-settings.ts'

export interface Place {
  service: string
  /** Undefined where nothing is published, or nothing runs whose port is chosen at its start. */
  url: string | undefined
  inside: number
  profile?: 'tools'
}

/** Each service with its address. Ports that the engine chose are asked of it; rejects when it gives no answer. */
export async function whereItListens(stack: Stack): Promise<Place[]> {
  const chosen = stack.listeners.some(({ port }) => port === 'chosen at start')
  const published = chosen ? await publishedBy(stack.project) : new Map<string, number>()
  return stack.listeners.map((listener) => {
    const { service, inside, profile, protocol, port } = listener
    const outside = port === 'chosen at start' ? published.get(keyOf(listener)) : port
    const url = outside === undefined ? undefined : `${protocol}://127.0.0.1:${outside}`
    return { service, url, inside, ...(profile === undefined ? {} : { profile }) }
  })
}

function keyOf({ service, inside }: Pick<Listener, 'service' | 'inside'>): string {
  return `${service}:${inside}`
}

/** By service and inner port. */
async function publishedBy(project: string): Promise<Map<string, number>> {
  const found = (await listContainers(project)).flatMap(({ service, ports }) =>
    ports.map(
      ({ hostPort, containerPort }) => [keyOf({ service, inside: containerPort }), hostPort] as const,
    ),
  )
  return new Map(found)
}
