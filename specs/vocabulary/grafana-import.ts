// What the documentation says about Grafana, and what there is: Grafana itself is on no machine without a registry.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { parse } from 'yaml'
import type { Project } from '../../harness/index.ts'
import type { Service } from './compose.ts'
import { type Dashboard, dashboardOf, dataSourcesOf, type Panel } from './dashboard.ts'
import { editLock } from './images.ts'

const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

export function sectionOf(project: Project, title: string): string {
  const [, ...sections] = read(project, 'docs/observability.md').split(/^## /m)
  return sections.find((text) => text.startsWith(`${title}\n`)) ?? ''
}

/** Numbers of the steps in their order. */
export function stepNumbers(section: string): number[] {
  return [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
}

const quoted = (section: string) => [...section.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)

/** Files in a section that do not exist, and how many there are. */
export function filesNamed({ root }: Project, section: string): { missing: string[]; count: number } {
  const files = quoted(section)
    .flatMap((text) => text.split(' '))
    .filter((word) => /^[\w.-]+\/[\w./-]+$/.test(word))
  return { missing: files.filter((file) => !existsSync(join(root, file))), count: files.length }
}

/** Addresses in a section, as port and path. */
export function addressesIn(section: string): string[] {
  const found = [...section.matchAll(/http:\/\/[\w.:/-]*[\w/]/g)].map(([address]) => new URL(address))
  return found.map(({ port, pathname }) => `${port}${pathname}`).sort()
}

/** Names in the first column of a section's table. */
export function rowsIn(section: string): string[] {
  const [, ...rows] = [...section.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name = '']) => name)
  return rows
}

/** The generated files that are not what their generator writes. */
export async function generatedAnew(project: Project): Promise<string[]> {
  const files = ['docker/grafana/dashboard.json', 'docker/prometheus/page.html']
  const before = files.map((file) => read(project, file))
  await execa(process.execPath, ['stack/dashboard/main.ts'], { cwd: project.root })
  return files.filter((file, at) => read(project, file) !== before[at])
}

/** What Grafana would refuse, or show wrongly: the reason for each. */
export function mistakesIn(dashboard: Dashboard): string[] {
  const { panels, templating } = dashboard
  const ids = panels.map(({ id }) => id)
  const cells = panels.flatMap(({ gridPos }) => cellsOf(gridPos))
  const variables = (templating.list ?? []).filter(({ type }) => type === 'datasource')
  const references = variables.map(({ name }) => `\${${name}}`)
  const problems: [string, boolean][] = [
    ['an id of one Grafana', 'id' in dashboard && dashboard.id !== null],
    ['inputs, which provisioning does not fill in', '__inputs' in dashboard],
    ['no schema of this decade', !(dashboard.schemaVersion >= 36)],
    ['two panels with one id', new Set(ids).size !== ids.length],
    ['panels that overlap', new Set(cells).size !== cells.length],
    ['a panel beyond the 24 columns', panels.some(({ gridPos: { x, w } }) => x + w > 24)],
    ['a panel without a query', panels.some(({ targets }) => targets.length === 0)],
    [
      'a data source that a reader cannot choose',
      panels.some(({ datasource }) => !references.includes(datasource?.uid ?? '')),
    ],
    // 1 hides its name, 2 the whole of it.
    ['a variable that a reader does not see', variables.some(({ hide = 0 }) => hide !== 0)],
    [
      'two queries with one letter',
      panels.some(({ targets }) => new Set(targets.map(({ refId }) => refId)).size !== targets.length),
    ],
  ]
  return problems.filter(([, isTrue]) => isTrue).map(([problem]) => problem)
}

/** Titles of the panels of one number, and of those among them that ask for a range: Grafana shows its last value, however old that is. */
export function numbersOf({ panels }: Dashboard): { all: string[]; ofRange: string[] } {
  const all = panels.filter(({ type }) => type === 'stat')
  const isOfNow = ({ targets }: Panel) => targets.every(({ instant, range }) => instant && !range)
  const titlesOf = (those: Panel[]) => those.map(({ title }) => title)
  return { all: titlesOf(all), ofRange: titlesOf(all.filter((panel) => !isOfNow(panel))) }
}

function cellsOf({ x, y, w, h }: { x: number; y: number; w: number; h: number }): string[] {
  return Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`)
}

interface Mounts {
  configs?: { source: string; target: string }[]
}

/** How the stack gives the dashboard to Grafana: the folders of its files, and those in which Grafana looks. */
export function provisioning(project: Project, grafana: Service | undefined) {
  const { configs = [] } = (grafana ?? {}) as Mounts
  const folderOf = (source: string) =>
    dirname(configs.find((config) => config.source === source)?.target ?? '')
  const { providers } = parse(read(project, 'docker/grafana/provider.yml'))
  return {
    dataSources: folderOf('grafana-datasource'),
    providers: folderOf('grafana-provider'),
    dashboards: [folderOf('grafana-dashboard'), providers[0].options.path],
    types: [dataSourcesOf(project)[0]?.type, dashboardOf(project).templating.list?.[0]?.query],
  }
}

interface Ensured {
  exitCode: number
  stdout: string
  /** What the script itself says, beside the progress of its pulls. */
  lines: string[]
}

/** Ensures an image in that mode of HMA_IMAGES where the registry of each refuses connections. */
export async function ensureWithoutRegistry(project: Project, name: string, mode: string): Promise<Ensured> {
  await editLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))
  const environment = { HMA_IMAGES: mode }
  const { exitCode, stdout, stderr } = await project.run('scripts/images.sh', ['ensure', name], {
    environment,
  })
  return { exitCode, stdout, lines: stderr.split('\n').filter((line) => !line.startsWith('  ')) }
}
