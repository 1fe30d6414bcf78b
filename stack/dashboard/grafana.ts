// The dashboard as Grafana reads it.
import {
  LegendDisplayMode,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import type { Panel, Query } from './panel.ts'
import { PANELS } from './panels.ts'

const GRAFANA_UNITS: Record<Panel['unit'], string> = {
  none: 'short',
  share: 'percentunit',
  bytes: 'bytes',
  seconds: 's',
  'per second': 'ops',
}
/** Chosen at the top of the dashboard, so that it works in every Grafana: at first its default Prometheus, or the first that it has. */
const VARIABLE = 'datasource'
const DATASOURCE = { type: 'prometheus', uid: `\${${VARIABLE}}` }
const NEWEST = new ReduceDataOptionsBuilder().calcs(['lastNotNull'])
const LEGEND = new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List)
const COLUMNS = 24
const PANEL = { width: 8, height: 7 }

/** The text of docker/grafana/dashboard.json. */
export function grafanaDashboard(): string {
  const dashboard = new DashboardBuilder('HMA')
    .uid('hma')
    .tags(['hma'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder(VARIABLE).label('Data source').type(DATASOURCE.type))
  for (const [index, panel] of PANELS.entries()) dashboard.withPanel(panelOf(panel, index))
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`
}

function panelOf(panel: Panel, index: number) {
  const perRow = COLUMNS / PANEL.width
  const builder =
    panel.shows === 'number'
      ? new StatBuilder().reduceOptions(NEWEST)
      : new TimeseriesBuilder().min(0).legend(LEGEND)
  builder
    .id(index + 1)
    .title(panel.title)
    .description(panel.question)
    .unit(GRAFANA_UNITS[panel.unit])
    .datasource(DATASOURCE)
    .gridPos({
      x: (index % perRow) * PANEL.width,
      y: Math.floor(index / perRow) * PANEL.height,
      w: PANEL.width,
      h: PANEL.height,
    })
  for (const [at, query] of panel.queries.entries()) {
    const target = targetOf(query, String.fromCharCode(65 + at))
    // Of a range Grafana would show the last value as the number of now, however old it is.
    builder.withTarget(panel.shows === 'number' ? target.instant() : target)
  }
  return builder
}

function targetOf({ expr, legend }: Query, letter: string) {
  return new DataqueryBuilder().refId(letter).expr(expr).legendFormat(legend)
}
