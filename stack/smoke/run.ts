// The smoke test: probes the services of the running stack side by side.
import { listContainers } from '../../config/compose-containers.ts'
import { type Endpoint, publishedEndpoints } from '../../config/endpoints.ts'
import type { StackSettings } from '../../config/stack-settings.ts'
import { type ProbeResult, runProbe } from './probe.ts'
import { PROBES } from './probes.ts'

export interface SmokeOptions {
  /** Names of services; none means every service without a profile, and those with a profile that run. */
  only?: string[]
  withinMs: number
}

export async function runSmokeTest(
  settings: StackSettings,
  { only = [], withinMs }: SmokeOptions,
): Promise<ProbeResult[]> {
  const endpoints = await selectEndpoints(settings, only)
  return Promise.all(endpoints.map((endpoint) => probe(endpoint, settings, withinMs)))
}

async function probe(endpoint: Endpoint, settings: StackSettings, withinMs: number): Promise<ProbeResult> {
  const { service, url } = endpoint
  const next = `scripts/setup-dev-environment.sh --variant ${settings.variant}`
  if (url === undefined) return { service, state: 'failed', milliseconds: 0, what: 'does not run', next }
  const create = PROBES[service]
  if (create === undefined) throw new Error(`There is no probe for the service ${service}.`)
  return runProbe(endpoint, await create(url, settings), withinMs)
}

/** A service of a profile that somebody has stopped is not asked for. */
const ENDED = ['created', 'exited', 'dead']

/** One endpoint of each service. */
async function selectEndpoints(settings: StackSettings, only: string[]): Promise<Endpoint[]> {
  const all = await publishedEndpoints(settings)
  const endpoints = all.filter(
    ({ service }, index) => all.findIndex((other) => other.service === service) === index,
  )
  if (only.length > 0) return endpoints.filter(({ service }) => only.includes(service))
  // Without an engine nothing tells which services of a profile run.
  const containers = await listContainers(settings.project).catch(() => [])
  const running = containers.filter(({ status }) => !ENDED.includes(status)).map(({ service }) => service)
  return endpoints.filter(({ service, profile }) => profile === undefined || running.includes(service))
}
