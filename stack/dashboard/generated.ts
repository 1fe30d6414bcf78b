import { grafanaDashboard } from './grafana.ts'
import { dashboardPage } from './page.ts'

/** The files that are generated from panels.ts, with what is in them. */
export const GENERATED: Record<string, () => string> = {
  'docker/grafana/dashboard.json': grafanaDashboard,
  'docker/prometheus/page.html': dashboardPage,
}
