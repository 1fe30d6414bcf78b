// The stack with the profiles observability and backup, and what its Prometheus and Alertmanager answer.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Project } from '../../harness/index.ts'
import { addressOf } from './clients.ts'
import { busyStack } from './overlays.ts'
import { run } from './stack.ts'

/** Below the timeout of a test. The exporters wait for the migrations, the scheduler of backups for its first backup. */
const BOOT_S = 150
const ASK_MS = 10_000

const started = new Map<string, Promise<Outcome>>()

/** Starts it, and waits until it is healthy; once per copy of the project. Prometheus collects every five seconds instead of fifteen. */
export function startObserved(project: Project): Promise<Outcome> {
  const outcome = started.get(project.root) ?? start(project)
  started.set(project.root, outcome)
  return outcome
}

async function start(project: Project): Promise<Outcome> {
  const configuration = join(project.root, 'docker/prometheus/prometheus.yml')
  const text = await readFile(configuration, 'utf8')
  await writeFile(configuration, text.replaceAll(/\b(?:10|15|30)s\b/g, '5s'))
  await writeFile(join(project.root, 'docker/overlay.yml'), busyStack.file)
  const profiles = ['--profile', 'observability', '--profile', 'backup']
  const words = ['-f', 'docker/overlay.yml', ...profiles, 'up', '--wait', '--wait-timeout', `${BOOT_S}`]
  return run(project, words, { HMA_PROJECT: project.composeName }, (BOOT_S + 10) * 1000)
}

const addresses = new Map<string, Promise<URL>>()

/** Prometheus and Alertmanager stay where they are: no spec starts them anew. */
function addressOnce(project: Project, service: string, port: number): Promise<URL> {
  const key = [project.root, service, port].join(' ')
  const address = addresses.get(key) ?? addressOf(project, service, port)
  addresses.set(key, address)
  return address
}

/** What an HTTP API of the stack answers to a question. */
async function ask<T>(project: Project, service: string, port: number, path: string): Promise<T> {
  const url = new URL(path, await addressOnce(project, service, port))
  const reply = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) })
  if (!reply.ok) throw new Error(`${url} answers ${reply.status}: ${await reply.text()}`)
  return (await reply.json()) as T
}

interface Targets {
  data: {
    activeTargets: { labels: { job: string }; health: string; lastScrape: string }[]
    droppedTargets: unknown[]
  }
}

/** Every target that Prometheus knows, as `job: health`, in alphabetical order. */
export async function targetsOf(project: Project): Promise<string[]> {
  const { data } = await ask<Targets>(project, 'prometheus', 9090, '/api/v1/targets?state=any')
  const active = data.activeTargets.map(({ labels, health }) => `${labels.job}: ${health}`)
  return [...active, ...data.droppedTargets.map(() => 'dropped')].sort()
}

export interface Series {
  metric: Record<string, string>
  values: [time: number, value: string][]
}

/** The series of an expression over the last ten minutes, from the data source at that address inside of the stack; none of a wrong one. */
export async function rangeOf(project: Project, dataSource: URL, query: string): Promise<Series[]> {
  const end = Math.floor(Date.now() / 1000)
  const times = { start: `${end - 600}`, end: `${end}`, step: '5' }
  const path = `/api/v1/query_range?${new URLSearchParams({ query, ...times })}`
  const { hostname, port } = dataSource
  const none = { data: { result: [] as Series[] } }
  const { data } = await ask<typeof none>(project, hostname, Number(port), path).catch(() => none)
  return data.result
}

/** Values of an expression now, by job. */
export async function valuesByJob(project: Project, query: string): Promise<Record<string, number>> {
  const path = `/api/v1/query?${new URLSearchParams({ query })}`
  const { data } = await ask<{ data: { result: { metric: { job?: string }; value: [number, string] }[] } }>(
    ...([project, 'prometheus', 9090, path] as const),
  )
  return Object.fromEntries(data.result.map(({ metric, value }) => [metric.job ?? '', Number(value[1])]))
}

/** Names of the alerts that Alertmanager has now. */
export async function alertsOf(project: Project): Promise<string[]> {
  const alerts = await ask<{ labels: { alertname: string } }[]>(
    ...([project, 'alertmanager', 9093, '/api/v2/alerts?active=true'] as const),
  )
  return alerts.map(({ labels }) => labels.alertname).sort()
}
