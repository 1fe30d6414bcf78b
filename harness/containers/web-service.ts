// A web service of the product, as a container of its own image.
import { GenericContainer } from 'testcontainers'
import type { Ownership } from '../../stack/engine/ownership.ts'
import { type RunningContainer, type ServiceOptions, startContainer } from './container.ts'

export interface WebServiceOptions extends ServiceOptions {
  service: string
  port: number
  /** Path that answers 200 once the service is up. */
  health: string
  environment: Record<string, string>
}

export interface WebService {
  container: RunningContainer
  url: string
}

/** Returns once the service's health path has answered 200. */
export async function startWebService(owner: Ownership, options: WebServiceOptions): Promise<WebService> {
  const { image, environment, health } = options
  let url = ''
  const container = await startContainer(owner, {
    ...options,
    container: new GenericContainer(image.reference)
      .withExposedPorts(options.port)
      .withEnvironment(environment),
    isReady: async ({ host, port }) => {
      url = `http://${host}:${port(options.port)}`
      const reply = await fetch(url + health, { signal: AbortSignal.timeout(2000) })
      if (!reply.ok) throw new Error(`${health} answered ${reply.status}`)
    },
  })
  return { container, url }
}
