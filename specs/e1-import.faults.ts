import { edit, edits, faults } from '../harness/setup.ts'

const DASHBOARD = 'docker/grafana/dashboard.json'
const DOCUMENT = 'docs/observability.md'
const ENSURE = 'stack/images/ensure.ts'

export default faults({
  'E1.2.2': {
    'the steps name a file that does not exist': edit(
      DOCUMENT,
      'dashboard JSON file: `docker/grafana/dashboard.json`',
      'dashboard JSON file: `docker/grafana/hma.json`',
    ),
    'the steps name another port': edit(DOCUMENT, '   http://127.0.0.1:9090.', '   http://127.0.0.1:9091.'),
    'the dashboard has another id than the steps say': edit(DASHBOARD, '"uid": "hma"', '"uid": "hma-1"'),
    'the file was changed by hand': edit(DASHBOARD, '"from": "now-1h"', '"from": "now-2h"'),
    'the rollbacks are gone from the panels and from both files that are generated': edits(
      {
        file: 'stack/dashboard/database-panels.ts',
        find: "      { expr: `sum(rate(pg_stat_database_xact_rollback${DB}${ACTIVITY}))`, legend: 'rolled back' },\n",
        replace: '',
      },
      {
        file: DASHBOARD,
        find: ',\n        {\n          "expr": "sum(rate(pg_stat_database_xact_rollback{datname=\\"hma\\"}[5m]))",\n          "refId": "B",\n          "legendFormat": "rolled back"\n        }',
        replace: '',
      },
      {
        file: 'docker/prometheus/page.html',
        find: ',{"expr":"sum(rate(pg_stat_database_xact_rollback{datname=\\"hma\\"}[5m]))","legend":"rolled back"}',
        replace: '',
      },
    ),
    'two panels have one id': edit(DASHBOARD, '"id": 2,', '"id": 1,'),
    'Grafana shows the last number that there was as one of now': edits(
      {
        file: 'stack/dashboard/grafana.ts',
        find: "panel.shows === 'number' ? target.instant() : target",
        replace: "panel.shows === 'number' && panel.unit === 'seconds' ? target.instant() : target",
      },
      {
        file: DASHBOARD,
        find: '"legendFormat": "months after this one",\n          "instant": true,\n          "range": false\n',
        replace: '"legendFormat": "months after this one"\n',
      },
    ),
    'the variable offers data sources of another kind': edit(
      DASHBOARD,
      '"query": "prometheus"',
      '"query": "loki"',
    ),
    'the variable that a step chooses is hidden': edits(
      {
        file: 'stack/dashboard/grafana.ts',
        find: ".label('Data source').type(DATASOURCE.type)",
        replace: ".label('Data source').type(DATASOURCE.type).hide(2)",
      },
      {
        file: DASHBOARD,
        find: '        "query": "prometheus"\n',
        replace: '        "query": "prometheus",\n        "hide": 2\n',
      },
    ),
    'a panel is explained nowhere': edit(DOCUMENT, '| Dead rows | tables', '| Bloat | tables'),
    'Grafana looks for dashboards elsewhere': edit(
      'docker/grafana/provider.yml',
      '/var/lib/grafana/dashboards',
      '/etc/grafana/dashboards',
    ),
    'in prod Grafana is in another network than the Prometheus that it asks': edit(
      'docker/docker-compose.prod.yml',
      '  grafana:\n    healthcheck: *healthcheck\n    networks: !override [data]\n',
      '  grafana:\n    healthcheck: *healthcheck\n    networks: !override [edge]\n',
    ),
    'the data source is a service that does not exist': edit(
      'docker/grafana/datasource.yml',
      'http://prometheus:9090',
      'http://prometheus:9091',
    ),
    'Grafana asks the proxy of the engine for Prometheus': edit(
      'docker/docker-compose.yml',
      '      no_proxy: "*"\n      NO_PROXY: "*"\n',
      '',
    ),
    'the healthcheck of Grafana asks the proxy of the engine': edit(
      'docker/docker-compose.yml',
      '      NO_PROXY: "*"\n      http_proxy: ""\n',
      '      NO_PROXY: "*"\n',
    ),
  },
  'E1.2.3': {
    'an image that has no stand-in is said to be kept from it by a variable': edit(
      ENSURE,
      'locked?.instead === undefined ? standInNotAllowed(name) : notAvailable(locked)',
      'standInNotAllowed(name)',
    ),
    'nobody is told what serves the panels where Grafana is not there': edit(
      ENSURE,
      'next: `${instead}; or a mirror in',
      'next: `put a mirror into',
    ),
    'an image that no registry gives ends like a failure of the script': edit(
      ENSURE,
      'or a mirror in ${LOCK_FILE}:${line}.`,\n    exitCode: EXIT.unreachable,',
      'or a mirror in ${LOCK_FILE}:${line}.`,\n    exitCode: EXIT.failed,',
    ),
  },
})
