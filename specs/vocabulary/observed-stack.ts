// The stack with the profiles observability and backup, and what its Prometheus and Alertmanager answer.
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { expect, type Outcome, type Project } from '../../harness/index.ts'
import { backUp } from './backup-scripts.ts'
import { addressOf, askPostgres } from './clients.ts'
import { buildImages } from './compose.ts'
import { containerOf, containersOf } from './containers.ts'
import { oncePerCopy } from './once-per-copy.ts'
import { busyVariant } from './overlays.ts'
import { runObservedSetup } from './setup.ts'
import { run } from './stack.ts'

/** Services of the profile observability. */
export const PROFILE = ['alertmanager', 'disk', 'postgres-exporter', 'prometheus', 'redis-exporter']

/** Jobs of Prometheus while the profile backup runs, too. */
const JOBS = [
  'alertmanager',
  'audit',
  'backup',
  'disk',
  'minio',
  'minio-buckets',
  'ml',
  'postgres',
  'prometheus',
  'redis',
]

/** As `targetsOf` says it. */
export const ALL_UP = JOBS.map((job) => `${job}: up`).sort()

/** A value of each service itself, behind its exporter. */
export const OF_THE_SERVICES =
  'pg_up or redis_up or minio_cluster_nodes_online_total or hma_ml_database_up or (hma_schedule_last_exit_code{exported_job="seal"} + 1) or (0 * hma_backup_last_success_timestamp_seconds + 1)'

export const UNTIL_COLLECTED = { timeout: 45_000, interval: 1000 }
/** The object store counts for the first time a minute after its start. */
export const UNTIL_SCANNED = { timeout: 90_000, interval: 1000 }
/** The rule waits for half a minute. */
export const UNTIL_FIRING = { timeout: 90_000, interval: 1000 }
/** The page takes a number for one of now for less than a minute, and asks anew every fifteen seconds. */
export const UNTIL_ENDED = { timeout: 120_000, interval: 1000 }

interface Discovery {
  static_configs?: { targets: string[] }[]
  dns_sd_configs?: { names: string[] }[]
}

interface Configuration {
  alerting: { alertmanagers: Discovery[] }
  scrape_configs: Discovery[]
}

/** Other services from which Prometheus collects, and to which it sends alerts, as its configuration names them. */
export function servicesAsked({ root }: Project): string[] {
  const text = readFileSync(join(root, 'docker/prometheus/prometheus.yml'), 'utf8')
  const { alerting, scrape_configs } = parse(text) as Configuration
  const hosts = [...alerting.alertmanagers, ...scrape_configs].flatMap(
    ({ static_configs = [], dns_sd_configs = [] }) => [
      ...static_configs.flatMap(({ targets }) => targets.map((target) => target.replace(/:.*/, ''))),
      ...dns_sd_configs.flatMap(({ names }) => names),
    ],
  )
  return [...new Set(hosts)].filter((host) => host !== '127.0.0.1').sort()
}

/** Below the timeout of a test, together with the set-up. The scheduler of backups waits for its first backup. */
const BACKUP_S = 100
const ASK_MS = 10_000

interface Started {
  /** Exit code of the set-up. */
  setup: number
  /** The last line of its standard error. */
  said: string
  /** Services that then run. */
  running: string[]
  /** Exit code of the start of the profile backup. */
  backup: number
}

/** Starts it as docs/observability.md says; once per copy of the project. Prometheus collects every five seconds instead of fifteen. */
export const startObserved = oncePerCopy(start)

async function start(project: Project): Promise<Started> {
  await collectOften(project)
  await change(project, 'docker/docker-compose.test.yml', busyVariant)
  await buildImages(project)
  const { exitCode: setup, lastLine: said } = await runObservedSetup(project)
  const containers = await containersOf(project)
  const running = containers.filter(({ status }) => status === 'running').map(({ service }) => service)
  const words = ['--profile', 'backup', 'up', '--wait', '--wait-timeout', `${BACKUP_S}`]
  const { exitCode: backup } = await run(project, words, {}, (BACKUP_S + 10) * 1000)
  return { setup, said, running, backup }
}

function collectOften(project: Project): Promise<void> {
  const often = (text: string) => text.replaceAll(/\b(?:10|15|30)s\b/g, '5s')
  return change(project, 'docker/prometheus/prometheus.yml', often)
}

/** Starts Prometheus and the exporter of the database beside a running stack, with these variables; as often. */
export async function collectFrom(project: Project, variables: Record<string, string>): Promise<Outcome> {
  await collectOften(project)
  const up = ['--profile', 'observability', 'up', '--wait', '--no-deps', '--wait-timeout', `${BACKUP_S}`]
  return run(project, [...up, 'prometheus', 'postgres-exporter'], variables, (BACKUP_S + 10) * 1000)
}

/** The same, and waits until every target is up. */
export async function startCollected(project: Project): Promise<void> {
  await startObserved(project)
  await expect.poll(() => targetsOf(project), UNTIL_COLLECTED).toEqual(ALL_UP)
}

async function change({ root }: Project, file: string, edit: (text: string) => string): Promise<void> {
  const path = join(root, file)
  await writeFile(path, edit(await readFile(path, 'utf8')))
}

/** Prometheus and Alertmanager stay where they are: no spec starts them anew. */
const addressOnce = oncePerCopy((project, service: string, port: number) => addressOf(project, service, port))

/** What an HTTP API of the stack answers to a question. */
export async function ask<T>(project: Project, service: string, port: number, path: string): Promise<T> {
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

/** Every target that Prometheus knows, as `job: health`, sorted; `not asked` where it was asked before that time. */
export async function targetsOf(project: Project, sinceMs = Number.NEGATIVE_INFINITY): Promise<string[]> {
  const { data } = await ask<Targets>(project, 'prometheus', 9090, '/api/v1/targets?state=any')
  const active = data.activeTargets.map(
    ({ labels, health, lastScrape }) =>
      `${labels.job}: ${Date.parse(lastScrape) > sinceMs ? health : 'not asked'}`,
  )
  return [...active, ...data.droppedTargets.map(() => 'dropped')].sort()
}

export interface Series {
  metric: Record<string, string>
  values: [time: number, value: string][]
}

/** The series of an expression over the last seconds, from the data source at that address inside of the stack; none of a wrong one. */
export async function rangeOf(
  project: Project,
  dataSource: URL,
  query: string,
  seconds: number,
): Promise<Series[]> {
  const end = Math.floor(Date.now() / 1000)
  const times = { start: `${end - seconds}`, end: `${end}`, step: '5' }
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

/** How long and how much of it Prometheus keeps: of both bounds the one that is reached first. */
export async function retentionOf(project: Project): Promise<string> {
  const path = '/api/v1/status/runtimeinfo'
  const { data } = await ask<{ data: { storageRetention: string } }>(project, 'prometheus', 9090, path)
  return data.storageRetention
}

interface LiveAlerts {
  data: { alerts: { state: string; labels: { alertname: string }; annotations: { runbook: string } }[] }
}

/** Alerts that fire as Prometheus has it, each as `alert runbook`, sorted. */
export async function firingNow(project: Project): Promise<string[]> {
  const { data } = await ask<LiveAlerts>(project, 'prometheus', 9090, '/api/v1/alerts')
  return data.alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations }) => `${labels.alertname} ${annotations.runbook}`)
    .sort()
}

const NEWEST_BACKUP = 'hma_backup_last_success_timestamp_seconds'

/** Backs up the database, and waits until Prometheus has got the newer time: the same file holds all that a backup publishes. */
export async function backUpObserved(project: Project): Promise<void> {
  const before = await valuesByJob(project, NEWEST_BACKUP)
  await backUp(project, 1)
  const isNewer = (seconds: number) => seconds > (before.backup ?? Number.NaN)
  const newer = { backup: expect.toSatisfy(isNewer) }
  await expect.poll(() => valuesByJob(project, NEWEST_BACKUP), UNTIL_COLLECTED).toEqual(newer)
}

/** Names of the alerts that Alertmanager has now. */
export async function alertsOf(project: Project): Promise<string[]> {
  const alerts = await ask<{ labels: { alertname: string } }[]>(
    ...([project, 'alertmanager', 9093, '/api/v2/alerts?active=true'] as const),
  )
  return alerts.map(({ labels }) => labels.alertname).sort()
}

/** Starts the exporter, and asks as its healthcheck does until that succeeds, for ten seconds at most. */
const START_AND_ASK =
  '/bin/postgres_exporter >/dev/null 2>&1 & for second in 1 2 3 4 5 6 7 8 9 10; do "$@" && exit 0; sleep 1; done; exit 1'

/** The end of that, in one more container of the exporter that the engine starts in this environment. */
export async function checkExporter(project: Project, environment: Record<string, string>): Promise<Outcome> {
  const { healthcheck } = await containerOf(project, 'postgres-exporter')
  const [, ...check] = healthcheck
  const words = ['run', '--rm', '-T', '--no-deps', '--entrypoint', '/bin/sh', 'postgres-exporter', '-c']
  return run(project, [...words, START_AND_ASK, 'sh', ...check], environment)
}

/** Logins of the sessions in the database that the container of that service has opened. */
export async function loginsOf(project: Project, service: string): Promise<unknown> {
  const { addresses: own } = await containerOf(project, service)
  return askPostgres(
    ...([project, 'postgres', 'postgres-password'] as const),
    `select string_agg(distinct usename, ' ') from pg_stat_activity where host(client_addr) in ('${own.join(`', '`)}')`,
  )
}
