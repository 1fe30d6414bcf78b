// The dashboard as Grafana reads it.
import { DashboardBuilder, DashboardCursorSync } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { PANELS, type Panel } from './panels.ts'

const GRAFANA_UNITS: Record<Panel['unit'], string> = {
  none: 'short',
  share: 'percentunit',
  bytes: 'bytes',
  seconds: 's',
  'per second': 'ops',
}
/** docker/grafana/datasource.yml gives it this id; an import elsewhere asks for another. */
const DATASOURCE = { type: 'prometheus', uid: 'prometheus' }
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
  for (const [index, panel] of PANELS.entries()) dashboard.withPanel(panelOf(panel, index))
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`
}

function panelOf(panel: Panel, index: number) {
  const perRow = COLUMNS / PANEL.width
  const builder = panel.shows === 'number' ? new StatBuilder() : new TimeseriesBuilder().min(0)
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
  for (const [at, { expr, legend }] of panel.queries.entries())
    builder.withTarget(
      new DataqueryBuilder()
        .refId(String.fromCharCode(65 + at))
        .expr(expr)
        .legendFormat(legend),
    )
  return builder
}
