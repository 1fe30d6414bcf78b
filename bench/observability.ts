// What the profile observability costs at rest, and after which time a database that has stopped is an alert: the stack of a developer
// as it ships, with its own intervals, under another name and at other ports.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { getContainerRuntimeClient } from 'testcontainers'
import { type ComposeContainer, listContainers } from '../config/compose-containers.ts'
import { ROOT } from '../config/root.ts'
import { SERVICES } from '../config/services.ts'
import { print, printHeader } from './figures.ts'

const PROJECT = 'hma-bench'
const MEASURED = ['alertmanager', 'disk', 'postgres-exporter', 'prometheus', 'redis-exporter']
const AFTER_START_MS = 60_000
const WINDOWS = 3
const WINDOW_MS = 60_000
const OUTAGES = 5
const ASKED_EVERY_MS = 500
const ASK_WITHIN_MS = 10_000
/** Far longer than the alert takes. */
const GIVE_UP_MS = 300_000
const MIB = 2 ** 20

/** Prints memory and processor time of the services of the profile, and the seconds from a stopped database to its alert. */
export async function benchObservability(): Promise<void> {
  const run = await scriptsOfOwnStack()
  try {
    await run('setup-dev-environment', '--observability')
    await pause(AFTER_START_MS)
    await benchRest()
    await benchOutages(run)
  } finally {
    await run('teardown', '--data')
  }
}

/** Runs a script of the project for the stack of this bench, and returns what it prints. Rejects when it fails. */
type Run = (script: string, ...words: string[]) => Promise<string>

async function scriptsOfOwnStack(): Promise<Run> {
  const variables = SERVICES.flatMap(({ ports }) => ports.map(({ variable }) => variable))
  const ports = await freePorts(variables.length)
  const own = Object.fromEntries(variables.map((variable, at) => [variable, `${ports[at]}`]))
  const options = { env: { HMA_PROJECT: PROJECT, ...own }, stdin: 'ignore', stderr: 'inherit' } as const
  return async (script, ...words) => {
    const { stdout } = await execa(join(ROOT, `scripts/${script}.sh`), words, options)
    return stdout
  }
}

/** So many different ones that were free a moment ago: each is listened at until the last one is found. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

async function benchRest(): Promise<void> {
  printHeader(`Observability at rest, windows of ${WINDOW_MS / 1000} s`)
  const containers = (await listContainers(PROJECT)).filter(({ service }) => MEASURED.includes(service))
  if (containers.length !== MEASURED.length) throw new Error(`${PROJECT} lacks a service of the profile`)
  const windows: Usage[][] = []
  for (let at = 0; at < WINDOWS; at++) windows.push(await usageIn(containers))
  const [memory, processor] = [sums(windows, 'memoryMiB'), sums(windows, 'processorPercent')]
  for (const [at, { service }] of containers.entries()) {
    print(`${service}: memory`, column(windows, at, 'memoryMiB'), 'MiB')
    print(`${service}: of one processor`, column(windows, at, 'processorPercent'), '%')
  }
  print('all of them: memory', memory, 'MiB')
  print('all of them: of one processor', processor, '%')
}

interface Usage {
  /** At the end of the window, without the cache of files that the kernel would give up: as `docker stats` counts it. */
  memoryMiB: number
  /** Of one processor, on average over the window. */
  processorPercent: number
}

const column = (windows: Usage[][], at: number, figure: keyof Usage) =>
  windows.map((usages) => usages[at]?.[figure] ?? Number.NaN)

const sums = (windows: Usage[][], figure: keyof Usage) =>
  windows.map((usages) => usages.reduce((sum, usage) => sum + usage[figure], 0))

/** Of each container, over one window. */
async function usageIn(containers: ComposeContainer[]): Promise<Usage[]> {
  const read = () => Promise.all(containers.map(({ id }) => readCounters(id)))
  const before = await read()
  await pause(WINDOW_MS)
  const after = await read()
  return after.map(({ processorNs, atMs, memoryMiB }, index) => {
    const first = before[index] ?? { processorNs: Number.NaN, atMs: Number.NaN }
    const usedMs = (processorNs - first.processorNs) / 1e6
    return { memoryMiB, processorPercent: (100 * usedMs) / (atMs - first.atMs) }
  })
}

interface Counters {
  memoryMiB: number
  /** Since the container's start. */
  processorNs: number
  atMs: number
}

async function readCounters(id: string): Promise<Counters> {
  const { container } = await getContainerRuntimeClient()
  const stats = await container.dockerode.getContainer(id).stats({ stream: false, 'one-shot': true })
  // Of cgroups version 2 and 1.
  const { inactive_file, total_inactive_file } = stats.memory_stats.stats as unknown as Record<string, number>
  return {
    memoryMiB: (stats.memory_stats.usage - (inactive_file ?? total_inactive_file ?? 0)) / MIB,
    processorNs: stats.cpu_stats.cpu_usage.total_usage,
    atMs: performance.now(),
  }
}

async function benchOutages(run: Run): Promise<void> {
  printHeader('From a database that has stopped to its alert')
  const places = await findPlaces(run)
  const outages: Outage[] = []
  for (let at = 0; at < OUTAGES; at++) outages.push(await stopOnce(run, places))
  const times = (figure: keyof Outage) => outages.map((outage) => outage[figure])
  print('stopped, until Prometheus says that it fires', times('firing'), 's')
  print('stopped, until Alertmanager has it', times('received'), 's')
  print('healthy again, until Prometheus says that it has ended', times('ended'), 's')
}

interface Outage {
  firing: number
  received: number
  ended: number
}

interface Places {
  prometheus: string
  alertmanager: string
}

async function findPlaces(run: Run): Promise<Places> {
  const places = JSON.parse(await run('env', 'where', '--json')) as {
    service: string
    inside: number
    url?: string
  }[]
  const urlOf = (service: string, port: number) => {
    const url = places.find((place) => place.service === service && place.inside === port)?.url
    if (url === undefined) throw new Error(`${service} publishes no port`)
    return url
  }
  return { prometheus: urlOf('prometheus', 9090), alertmanager: urlOf('alertmanager', 9093) }
}

async function stopOnce(run: Run, { prometheus, alertmanager }: Places): Promise<Outage> {
  await run('compose', 'stop', 'postgres')
  const stoppedAt = performance.now()
  const firing = await secondsSince(stoppedAt, () => fires(prometheus))
  const received = await secondsSince(stoppedAt, () => isReceived(alertmanager))
  await run('compose', 'restart', 'postgres')
  await run('compose', 'up', '--wait', 'postgres')
  const startedAt = performance.now()
  const ended = await secondsSince(startedAt, async () => !(await fires(prometheus)))
  await secondsSince(startedAt, async () => !(await isReceived(alertmanager)))
  return { firing, received, ended }
}

/** The seconds from that moment until it is so. */
async function secondsSince(moment: number, isSo: () => Promise<boolean>): Promise<number> {
  while (!(await isSo())) {
    if (performance.now() - moment > GIVE_UP_MS) throw new Error(`not so within ${GIVE_UP_MS / 1000} s`)
    await pause(ASKED_EVERY_MS)
  }
  return (performance.now() - moment) / 1000
}

const isOfDatabase = ({ labels }: { labels: { alertname: string } }) => labels.alertname === 'DatabaseDown'

async function fires(prometheus: string): Promise<boolean> {
  const { data } = await ask<{ data: { alerts: { state: string; labels: { alertname: string } }[] } }>(
    new URL('/api/v1/alerts', prometheus),
  )
  return data.alerts.filter(isOfDatabase).some(({ state }) => state === 'firing')
}

async function isReceived(alertmanager: string): Promise<boolean> {
  const alerts = await ask<{ labels: { alertname: string } }[]>(
    new URL('/api/v2/alerts?active=true', alertmanager),
  )
  return alerts.some(isOfDatabase)
}

async function ask<T>(url: URL): Promise<T> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) })
  if (!reply.ok) throw new Error(`${url} answers ${reply.status}`)
  return (await reply.json()) as T
}
