// A web service of the project, as its own real container.

import type { Ownership } from '../../stack/engine/ownership.ts'
import type { ResolvedImage } from '../../stack/images/resolve.ts'
import { type RunningContainer, startContainer } from './container.ts'

export interface WebPlan {
  service: string
  image: ResolvedImage
  network: string
  port: number
  /** Path that answers 200 once the service is up. */
  health: string
  environment: Record<string, string>
}

export interface WebService {
  container: RunningContainer
  url: string
}

/** Boots the service and returns once its health path has answered 200. */
export async function startWeb(owner: Ownership, plan: WebPlan): Promise<WebService> {
  let url = ''
  const container = await startContainer(owner, {
    ...plan,
    ports: [plan.port],
    answers: async ({ host, port }) => {
      url = `http://${host}:${port(plan.port)}`
      const reply = await fetch(url + plan.health, { signal: AbortSignal.timeout(2000) })
      if (!reply.ok) throw new Error(`${plan.health} answered ${reply.status}`)
    },
  })
  return { container, url }
}
