// Containers that compose cannot start or would leave as they are, although they do not work.
import { statSync } from 'node:fs'
import type { ComposeContainer } from '../../config/compose-containers.ts'
import { type ComposeModel, incompleteContainers, serviceNetworks } from '../compose/networks.ts'
import { runOrThrow } from '../run-command.ts'
import { MINUTE_MS } from './options.ts'

/** Postgres has a minute for its last checkpoint. */
export const STOP_WITHIN_MS = 2 * MINUTE_MS

/** Whatever state a container is in, the set-up leaves it: what does not run as it should is made anew. Its data are in volumes. */
export async function removeUnusable(model: ComposeModel, containers: ComposeContainer[]): Promise<void> {
  const found = unusable(model, containers)
  const running = found.filter(({ status }) => status === 'running').map(({ id }) => id)
  const ids = found.map(({ id }) => id)
  if (running.length > 0) await runOrThrow(['docker', 'stop', ...running], { withinMs: STOP_WITHIN_MS })
  if (ids.length > 0) await runOrThrow(['docker', 'rm', '--force', ...ids], { withinMs: STOP_WITHIN_MS })
}

/** Stopped, paused, unhealthy, without a network, or with the secret that was there before the present one. */
export function unusable(model: ComposeModel, containers: ComposeContainer[]): ComposeContainer[] {
  const own = containers.filter(({ service }) => service in model.services)
  const incomplete = incompleteContainers(serviceNetworks(model), own)
  return own.filter(
    (container) =>
      !(container.isHealthy || container.state === 'running (starting)') ||
      incomplete.includes(container) ||
      hasOlderSecret(model, container),
  )
}

/** A container keeps the file that it was started with. */
function hasOlderSecret(model: ComposeModel, { service, startedAt }: ComposeContainer): boolean {
  const secrets = model.services[service]?.secrets ?? []
  const files = secrets.flatMap(({ source }) => model.secrets?.[source]?.file ?? [])
  return files.some((file) => statSync(file).mtimeMs > Date.parse(startedAt))
}
