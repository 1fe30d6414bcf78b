// The dashboard that Grafana reads, and what its panels get from the running stack, resolved as Grafana resolves it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Project } from '../../harness/index.ts'
import { rangeOf } from './observed-stack.ts'

interface DataSource {
  type: string
  uid: string
}

export interface Panel {
  id: number
  title: string
  type: string
  datasource?: DataSource
  gridPos: { x: number; y: number; w: number; h: number }
  targets: {
    refId: string
    expr: string
    legendFormat: string
    datasource?: DataSource
    instant?: boolean
    range?: boolean
  }[]
}

export interface Dashboard {
  id?: number | null
  uid: string
  title: string
  schemaVersion: number
  templating: { list?: { type: string; name: string; query: string; label?: string; hide?: number }[] }
  panels: Panel[]
}

const read = ({ root }: Project, file: string) => readFileSync(join(root, file), 'utf8')

export function dashboardOf(project: Project): Dashboard {
  return JSON.parse(read(project, 'docker/grafana/dashboard.json'))
}

export interface Provisioned extends DataSource {
  name: string
  url: string
  isDefault?: boolean
}

/** Every line of every panel, as `panel: name of the line`. */
export function linesNamed({ panels }: Dashboard): string[] {
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ legendFormat }) => `${title}: ${legendFormat}`),
  )
}

/** The data sources that Grafana is given with the stack. */
export function dataSourcesOf(project: Project): Provisioned[] {
  return parse(read(project, 'docker/grafana/datasource.yml')).datasources
}

/** The address of what a panel asks: a variable of the dashboard stands for the default data source of its type. */
function addressFor(project: Project, dashboard: Dashboard, { uid }: DataSource): URL {
  const sources = dataSourcesOf(project)
  const [, variable] = /^\$\{(\w+)\}$/.exec(uid) ?? []
  const type = dashboard.templating.list?.find(({ name }) => name === variable)?.query
  const found =
    variable === undefined
      ? sources.find((source) => source.uid === uid)
      : sources.find((source) => source.type === type && source.isDefault)
  return new URL(found?.url ?? 'http://none:1')
}

interface Line {
  panel: Panel
  target: Panel['targets'][number]
}

function sourceOf(project: Project, dashboard: Dashboard, { panel, target }: Line): URL {
  return addressFor(project, dashboard, target.datasource ?? panel.datasource ?? { type: '', uid: '' })
}

/** What each line of each panel shows now, by `panel: name of the line`. */
export async function shownNow(project: Project): Promise<Record<string, number>> {
  const dashboard = dashboardOf(project)
  const lines = dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ panel, target })))
  const shown = lines.map(async ({ panel, target }) => {
    const source = sourceOf(project, dashboard, { panel, target })
    const series = await rangeOf(project, source, target.expr, 0)
    return series.map(({ metric, values }) => [
      `${panel.title}: ${target.legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '')}`,
      Number(values.at(-1)?.[1]),
    ])
  })
  return Object.fromEntries((await Promise.all(shown)).flat())
}

interface Answer {
  /** Title of the panel and letter of the query. */
  query: string
  series: number
  /** The highest value of all of them; NaN where one of them has a value that is no number. */
  highest: number
}

/** What every query of every panel returns over the last seconds; with none of them, now. */
async function askPanels(project: Project, seconds: number): Promise<Answer[]> {
  const dashboard = dashboardOf(project)
  const queries = dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ panel, target })))
  return Promise.all(
    queries.map(async ({ panel, target }) => {
      const source = sourceOf(project, dashboard, { panel, target })
      const series = await rangeOf(project, source, target.expr, seconds)
      const values = series.flatMap(({ values }) => values.map(([, value]) => Number(value)))
      return { query: `${panel.title} ${target.refId}`, series: series.length, highest: Math.max(...values) }
    }),
  )
}

/** The queries of panels that have returned nothing for ten minutes, or nothing but zero, which a few may. */
export async function quietQueries(project: Project, mayBeZero: string[]): Promise<string[]> {
  const answers = await askPanels(project, 600)
  const isQuiet = ({ query, series, highest }: Answer) =>
    series === 0 || Number.isNaN(highest) || (highest === 0 && !mayBeZero.includes(query))
  return answers.filter(isQuiet).map(({ query }) => query)
}

/** The queries of panels that return nothing now. */
export async function emptyQueries(project: Project): Promise<string[]> {
  const answers = await askPanels(project, 0)
  return answers.filter(({ series }) => series === 0).map(({ query }) => query)
}
