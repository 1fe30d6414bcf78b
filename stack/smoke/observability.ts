// Probes of the profiles observability and grafana: each answers, and Prometheus reaches what it collects from.
import { setTimeout as pause } from 'node:timers/promises'
import type { Probe } from './probe.ts'

const AGAIN_MS = 250
/** Of the limit: what is left is for the answer itself. */
const WAIT_SHARE = 0.9

interface Target {
  labels: { job: string }
  health: string
  lastError: string
}

/** A target that is down may have been asked before it was up, so it is waited for: Prometheus asks each every fifteen seconds. */
export function prometheusProbe(url: string): Probe {
  return {
    next: 'scripts/compose.sh --profile observability ps, then logs of what is down',
    async run(signal, withinMs) {
      const until = performance.now() + WAIT_SHARE * withinMs
      for (;;) {
        const { count, down } = await targetsAt(url, signal)
        if (down.length === 0) return `collects from ${count} targets`
        if (performance.now() + AGAIN_MS > until) throw new Error(`it cannot collect from ${down.join(', ')}`)
        await pause(AGAIN_MS)
      }
    },
  }
}

/** How many there are, and the jobs of those that are down; one that is new has not been asked yet. */
async function targetsAt(url: string, signal: AbortSignal): Promise<{ count: number; down: string[] }> {
  const { data } = await jsonAt<{ data: { activeTargets: Target[] } }>(`${url}/api/v1/targets`, signal)
  const down = data.activeTargets.filter(({ health }) => health === 'down').map(({ labels }) => labels.job)
  return { count: data.activeTargets.length, down }
}

export function alertmanagerProbe(url: string): Probe {
  return {
    async run(signal) {
      const alerts = await jsonAt<unknown[]>(`${url}/api/v2/alerts?active=true`, signal)
      return `answers; ${alerts.length} alerts are active`
    },
  }
}

export function grafanaProbe(url: string, password: string): Probe {
  return {
    async run(signal) {
      const Authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
      await jsonAt(`${url}/api/dashboards/uid/hma`, signal, { Authorization })
      return 'has the dashboard'
    },
  }
}

async function jsonAt<T>(url: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<T> {
  const reply = await fetch(url, { signal, headers })
  if (reply.status !== 200) throw new Error(`it answers ${reply.status}`)
  return (await reply.json()) as T
}
