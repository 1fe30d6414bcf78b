// Differences of the variants: in the rendered models, and in the table of README.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../../harness/index.ts'
import { type Model, prodSecretsOf, render, type Service, VARIANTS } from './compose.ts'
import { profilesOf } from './compose-files.ts'

type Row = Record<(typeof VARIANTS)[number], string>
export type Table = Record<string, Row>

const GIBIBYTE = 2 ** 30

/** Services that have a row of their own. */
const TOOLS = ['adminer', 'redis-commander']
/** The limits that have a row. */
const LISTED_LIMITS: Record<string, string[]> = {
  postgres: ['cpus', 'memory', 'pids'],
  minio: ['memory', 'pids'],
}

/** The cell of each row for one model, with all profiles on. */
const ROWS: Record<string, (model: Model) => string> = {
  'Compose project': ({ name }) => `\`${name}\``,
  'Adminer, Redis Commander': ({ services }) => {
    const profiles = new Set(TOOLS.flatMap((name) => services[name]?.profiles ?? []))
    return profiles.size === 0 ? 'absent' : `profile \`${[...profiles].join('`, `')}\``
  },
  'Published ports': ({ services }) => portsOf(Object.values(services)),
  'Reached from network `edge`': ({ services }) => within(services, 'edge'),
  'The database is marked': ({ services }) => services.migrate?.environment?.HMA_ENVIRONMENT ?? '',
  'Secrets in': ({ secrets }) => foldersOf(secrets),
  'Health is asked every': ({ services }) =>
    `${valuesOf(services, ({ healthcheck }) => healthcheck?.interval)}`,
  'Memory of Postgres, MinIO': ({ services: { postgres, minio } }) => `${memory(postgres)}, ${memory(minio)}`,
  'Processes of Postgres, MinIO': ({ services: { postgres, minio } }) =>
    `${limits(postgres)?.pids}, ${limits(minio)?.pids}`,
  'CPUs of Postgres': ({ services: { postgres } }) => `${limits(postgres)?.cpus}`,
}

/** The table, derived from the rendered models; the project's name is the one in .env.example. */
export async function tableOfModels(project: Project): Promise<Table> {
  const models = await modelsOf(project)
  return Object.fromEntries(
    Object.entries(ROWS).map(([label, cellOf]) => [
      label,
      Object.fromEntries(models.map(([variant, model]) => [variant, cellOf(model)])) as Row,
    ]),
  )
}

/** The table of README.md, between its two marks. */
export function tableOfReadme(project: Project): Table {
  const text = readFileSync(join(project.root, 'README.md'), 'utf8')
  const [, marked = ''] = text.split(/<!-- \/?variants -->/)
  const [head = [], , ...rows] = marked.trim().split('\n').map(cellsOf)
  return Object.fromEntries(
    rows.map(([label = '', ...cells]) => [
      label,
      Object.fromEntries(head.slice(1).map((variant, index) => [variant, cells[index]])) as unknown as Row,
    ]),
  )
}

/** Each model without everything that the table lists. */
export async function modelsWithoutTable(project: Project): Promise<unknown[]> {
  const models = await modelsOf(project)
  return models.map(([, { name, services, ...model }]) => {
    const kept = Object.entries(services).filter(([own]) => !TOOLS.includes(own))
    const rest = {
      ...model,
      services: Object.fromEntries(kept.map(([own, service]) => [own, withoutTable(own, service)])),
    }
    const text = JSON.stringify(rest, (key, value) => (key.startsWith('x-') ? undefined : value))
    return JSON.parse(
      text.replaceAll(`"name":"${name}_`, '"name":"').replaceAll(/"file":"[^"]*\//g, '"file":"'),
    )
  })
}

/** Names that only one stack on an engine can have. Ports that the engine chooses do not count. */
export function exclusiveNamesOf({ name, services, networks, volumes }: Model): string[] {
  return [
    `project ${name}`,
    ...Object.values(networks).map((network) => `network ${network.name}`),
    ...Object.values(volumes).map((volume) => `volume ${volume.name}`),
    ...Object.values(services).flatMap(({ container_name }) =>
      container_name ? [`container ${container_name}`] : [],
    ),
    ...Object.values(services).flatMap(({ ports = [] }) =>
      ports.filter(({ published }) => published).map(({ published }) => `port ${published}`),
    ),
  ]
}

async function modelsOf(project: Project): Promise<[(typeof VARIANTS)[number], Model][]> {
  const profiles = profilesOf(project)
  const own = (text: string) =>
    text.replaceAll(project.composeName, 'hma').replaceAll(prodSecretsOf(project), '$HMA_SECRETS')
  return Promise.all(
    VARIANTS.map(async (variant) => {
      const { model } = await render(project, variant, profiles)
      return [
        variant,
        JSON.parse(own(JSON.stringify(model)).replaceAll(`${project.root}/`, '')) as Model,
      ] as [typeof variant, Model]
    }),
  )
}

function withoutTable(
  name: string,
  { ports: _, networks = {}, healthcheck = {}, environment = {}, deploy, ...service }: Service,
) {
  const { edge: __, ...closed } = networks
  const { interval: ___, ...check } = healthcheck
  const listed = name === 'migrate' ? ['HMA_ENVIRONMENT'] : []
  const { resources } = deploy ?? {}
  const kept = without(resources?.limits ?? {}, LISTED_LIMITS[name] ?? [])
  return {
    ...service,
    networks: closed,
    healthcheck: check,
    environment: without(environment, listed),
    deploy: { ...deploy, resources: { ...resources, limits: kept } },
  }
}

function without(entries: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)))
}

function portsOf(services: Service[]): string {
  const ports = services.flatMap(({ ports = [] }) => ports)
  if (ports.length === 0) return 'none'
  const hosts = [...new Set(ports.map(({ host_ip = 'everywhere' }) => host_ip))].join(', ')
  const fixed = ports.map(({ published }) => Number(published)).filter((port) => port > 0)
  const chosen = ports.length > fixed.length ? ' chosen at each start' : ''
  return `\`${hosts}\`:${chosen}${fixed.sort((a, b) => a - b).map((port) => ` ${port}`)}`
}

function within(services: Record<string, Service>, network: string): string {
  const found = Object.entries(services).filter(([, { networks = {} }]) => network in networks)
  return found
    .map(([name]) => name)
    .sort()
    .join(', ')
}

function foldersOf(secrets: Model['secrets']): string {
  const folders = Object.values(secrets).map(({ file = '' }) => file.replace(/\/[^/]+$/, ''))
  return [...new Set(folders)].map((folder) => `\`${folder}\``).join(', ')
}

function valuesOf(services: Record<string, Service>, pick: (service: Service) => string | undefined): string {
  const values = Object.values(services).map(pick)
  return [...new Set(values.filter((value) => value !== undefined))].join(', ').replaceAll(/(\d)s/g, '$1 s')
}

function limits(service: Service | undefined) {
  return service?.deploy?.resources?.limits
}

function memory(service: Service | undefined): string {
  return `${Number(limits(service)?.memory) / GIBIBYTE} GiB`
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
