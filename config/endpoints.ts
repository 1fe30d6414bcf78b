// Where the services of a stack listen on this machine, as far as they do.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Listener, Stack } from './stack-settings.ts'

export interface Place {
  service: string
  /** Undefined where nothing is published, or nothing runs whose port is chosen at its start. */
  url: string | undefined
  inside: number
  profile?: 'tools'
}

const ASK_WITHIN_MS = 20_000

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
  const found = (await containersOf(project)).flatMap(({ service, ports }) =>
    [...ports.matchAll(/127\.0\.0\.1:(\d+)->(\d+)\/tcp/g)].map(
      ([, outside, inside]) => [keyOf({ service, inside: Number(inside) }), Number(outside)] as const,
    ),
  )
  return new Map(found)
}

/** The containers of a compose project, whatever their state. Rejects when the engine gives no answer. */
export async function containersOf(project: string): Promise<{ service: string; ports: string }[]> {
  const words = ['ps', '--all', '--filter', `label=com.docker.compose.project=${project}`]
  const format = '{{.Label "com.docker.compose.service"}} {{.Ports}}'
  const options = { timeout: ASK_WITHIN_MS }
  const { stdout } = await promisify(execFile)('docker', [...words, '--format', format], options)
  return [...stdout.matchAll(/^(\S+) (.*)$/gm)].map(([, service = '', ports = '']) => ({ service, ports }))
}
