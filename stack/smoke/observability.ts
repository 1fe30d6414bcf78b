// Probes of the profiles observability and grafana: each answers, and Prometheus reaches what it collects from.
import { type Probe, ProbeError } from './probe.ts'

interface Target {
  labels: { job: string }
  health: string
  lastError: string
}

export function prometheusProbe(url: string): Probe {
  return {
    service: 'prometheus',
    next: 'scripts/compose.sh --profile observability ps, then logs of what is down',
    async run(signal) {
      const { data } = await jsonAt<{ data: { activeTargets: Target[] } }>(`${url}/api/v1/targets`, signal)
      const targets = data.activeTargets
      // One that is new has not been asked yet.
      const down = targets.filter(({ health }) => health === 'down').map(({ labels }) => labels.job)
      if (down.length > 0) throw new ProbeError(`it cannot collect from ${down.join(', ')}`)
      return `collects from ${targets.length} targets`
    },
  }
}

export function alertmanagerProbe(url: string): Probe {
  return {
    service: 'alertmanager',
    next: 'scripts/compose.sh --profile observability logs alertmanager',
    async run(signal) {
      const alerts = await jsonAt<unknown[]>(`${url}/api/v2/alerts?active=true`, signal)
      return `answers; ${alerts.length} alerts are active`
    },
  }
}

export function grafanaProbe(url: string, password: string): Probe {
  return {
    service: 'grafana',
    next: 'scripts/compose.sh --profile grafana logs grafana',
    async run(signal) {
      const Authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
      await jsonAt(`${url}/api/dashboards/uid/hma`, signal, { Authorization })
      return 'has the dashboard'
    },
  }
}

async function jsonAt<T>(url: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<T> {
  const reply = await fetch(url, { signal, headers })
  if (reply.status !== 200) throw new ProbeError(`it answers ${reply.status}`)
  return (await reply.json()) as T
}
