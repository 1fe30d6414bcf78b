// Containers that lack one of their networks. Compose creates a container and then connects it to its networks; killed in
// between, it leaves a container without them and later treats it as complete (seen with 2.26).
import type { ComposeContainer } from '../../config/compose-containers.ts'
import { runOrThrow } from '../run-command.ts'

/** The part of `docker compose config --format json` that is read here. */
export interface ComposeModel {
  name: string
  services: Record<string, ServiceModel>
  networks: Record<string, { name: string }>
  volumes?: Record<string, VolumeModel>
  secrets?: Record<string, { file?: string }>
  configs?: Record<string, { file?: string }>
}

export interface ServiceModel {
  networks?: Record<string, unknown>
  secrets?: { source: string }[]
  /** By service. */
  depends_on?: Record<string, unknown>
  restart?: string
}

export interface VolumeModel {
  name: string
  external?: boolean
  driver?: string
  driver_opts?: Record<string, string>
  labels?: Record<string, string>
}

/** Names of networks by service. */
export type ServiceNetworks = Map<string, string[]>

export function serviceNetworks({ services, networks }: ComposeModel): ServiceNetworks {
  const nameOf = (network: string) => networks[network]?.name ?? network
  return new Map(
    Object.entries(services).map(([service, own]) => [service, Object.keys(own.networks ?? {}).map(nameOf)]),
  )
}

export function incompleteContainers(
  expected: ServiceNetworks,
  containers: ComposeContainer[],
): ComposeContainer[] {
  return containers.filter(({ service, networks }) =>
    (expected.get(service) ?? []).some((network) => !networks.includes(network)),
  )
}

const REMOVE_WITHIN_MS = 60_000

/** Compose then creates them anew; their data are in volumes. */
export async function removeIncomplete(
  expected: ServiceNetworks,
  containers: ComposeContainer[],
): Promise<void> {
  const ids = incompleteContainers(expected, containers).map(({ id }) => id)
  if (ids.length > 0) await runOrThrow(['docker', 'rm', '--force', ...ids], { withinMs: REMOVE_WITHIN_MS })
}
