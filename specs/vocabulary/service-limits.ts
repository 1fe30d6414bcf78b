// The limits of a service in the rendered model.
import type { Service } from './compose.ts'

/** More than any service of this stack needs; a limit above it limits nothing. */
const MOST = { cpus: 2, memory: 4 * 2 ** 30, pids: 512 }

/** CPUs, bytes and processes; undefined without a limit, or with one above MOST. */
export function limitsOf({ deploy }: Service) {
  const { cpus, memory, pids } = deploy?.resources?.limits ?? {}
  const within = (value: unknown, most: number) =>
    Number(value) > 0 && Number(value) <= most ? Number(value) : undefined
  return {
    cpus: within(cpus, MOST.cpus),
    memory: within(memory, MOST.memory),
    pids: within(pids, MOST.pids),
  }
}

/** The same as a container has them. */
export function limitsInside(service: Service) {
  const { cpus, memory = 0, pids } = limitsOf(service)
  return { cpus, memoryMiB: memory / 2 ** 20, pids }
}

/** Seconds after which the engine reports a service as unhealthy that answers nothing; undefined without a healthcheck. */
export function secondsUntilUnhealthy({ healthcheck }: Service): number | undefined {
  const { interval = '30s', timeout = '30s', retries = 3 } = healthcheck ?? {}
  if (healthcheck?.test === undefined || healthcheck.disable) return undefined
  return retries * (seconds(interval) + seconds(timeout))
}

/** Of `1m30s`. */
function seconds(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 }
  const parts = [...duration.matchAll(/([\d.]+)([hms])/g)]
  return parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (units[unit] ?? 0), 0)
}
