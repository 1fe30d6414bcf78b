import { edit, edits, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const PROMETHEUS = 'docker/prometheus/prometheus.yml'
const PAGE = 'docker/prometheus/page.html'
const QUERIES = 'docker/prometheus/queries.yml'

const SETUP = 'stack/setup/stack.ts'

/** The set-up adds a file with this service when it starts the stack; the model that is rendered stays the right one. */
const startedWith = (service: string) =>
  edits(
    {
      file: SETUP,
      find: "import { globSync, statSync } from 'node:fs'",
      replace: "import { globSync, statSync, writeFileSync } from 'node:fs'",
    },
    {
      file: SETUP,
      find: "  const command = [...compose, 'up',",
      replace: `  const more = join(ROOT, '.hma/more.yml')
  writeFileSync(more, 'services: {${service}}')
  const command = [...compose, '--file', more, 'up',`,
    },
  )

/** What draws the panels of the page, and asks for the alerts. */
const AT_ONCE =
  '  const [problem] = await Promise.all([refreshAlerts(), ...cards.map((card) => refreshCard(card, times))])\n'
const NO_ANSWER = '    missing = `no answer: ${error.message}`\n'

export default faults({
  'A1.1.4': {
    'the root of a container of the profile observability is writable': startedWith(
      'alertmanager: {read_only: false}',
    ),
  },
  'A1.0.5': {
    'a running container of the profile observability has no limit of memory': startedWith(
      'prometheus: {deploy: {resources: {limits: {memory: "0"}}}}',
    ),
  },
  'E1.1.4': {
    'what measures the disk of the database runs as its user': edit(
      BASE,
      'user: "1000:1000"\n    command: ["ops/stats/disk.ts"',
      'user: "999:999"\n    command: ["ops/stats/disk.ts"',
    ),
  },
  'E1.1.1': {
    'the disk of the database is not collected': edit(
      PROMETHEUS,
      '  - job_name: disk\n    static_configs: [{ targets: [disk:9187] }]\n',
      '',
    ),
    'the healthcheck of the exporter asks the proxy of the engine': edit(
      BASE,
      '      http_proxy: ""\n    secrets: [monitor-password]\n',
      '    secrets: [monitor-password]\n',
    ),
    'the buckets are not collected': edit(
      PROMETHEUS,
      '  - job_name: minio-buckets\n    metrics_path: /minio/v2/metrics/bucket\n    static_configs: [{ targets: [minio:9000] }]\n',
      '',
    ),
    'a target does not exist': edit(PROMETHEUS, 'targets: [ml:8090]', 'targets: [ml:8091]'),
    'the exporter answers, but not its database': edit(
      BASE,
      'DATA_SOURCE_USER: hma_monitor',
      'DATA_SOURCE_USER: hma_reader',
    ),
    'the option of the set-up starts nothing': edit(
      'stack/setup/options.ts',
      "['tools', 'observability'] as const",
      "['tools', 'observabilty'] as const",
    ),
    'the exporter is a superuser': edits(
      {
        file: BASE,
        find: '&lock_timeout=500&statement_timeout=5000',
        replace: '&lock_timeout=500&statement_timeout=5000&search_path=statistics',
      },
      { file: BASE, find: 'DATA_SOURCE_USER: hma_monitor', replace: 'DATA_SOURCE_USER: postgres' },
      {
        file: BASE,
        find: 'DATA_SOURCE_PASS_FILE: /run/secrets/monitor-password',
        replace: 'DATA_SOURCE_PASS_FILE: /run/secrets/postgres-password',
      },
      { file: BASE, find: 'secrets: [monitor-password]', replace: 'secrets: [postgres-password]' },
    ),
    'the target of the database is down while a table is locked': edit(
      BASE,
      'connect_timeout=3&lock_timeout=500&statement_timeout=5000',
      'connect_timeout=3',
    ),
    'a backup by hand answers to the name backup, so that prometheus has a target that is down': edit(
      'stack/backup/main.ts',
      "    '--no-TTY',\n",
      "    '--no-TTY',\n    '--use-aliases',\n",
    ),
    'what is collected may fill the disk': edit(BASE, '      - --storage.tsdb.retention.size=1GB\n', ''),
    'what is collected is kept for ever': edit(BASE, '      - --storage.tsdb.retention.time=15d\n', ''),
    'the backup job publishes no metric of its own': edit(BASE, '      - --metrics=/backups\n', ''),
  },
  'E1.1.3': {
    'alerts are sent to nobody': edit(
      PROMETHEUS,
      'alertmanagers:\n    - static_configs: [{ targets: [alertmanager:9093] }]',
      'alertmanagers:\n    - static_configs: [{ targets: [alertmanager:9094] }]',
    ),
    'an alert is about a metric that nothing has': edits(
      {
        file: 'docker/prometheus/rules.yml',
        find: 'minio_cluster_capacity_usable_total_bytes',
        replace: 'minio_cluster_capacity_total_bytes',
      },
      {
        file: 'docker/prometheus/rules.test.yml',
        find: 'minio_cluster_capacity_usable_total_bytes',
        replace: 'minio_cluster_capacity_total_bytes',
      },
    ),
    'an alert asks for a label that no series has': edits(
      {
        file: 'docker/prometheus/rules.yml',
        find: 'pg_stat_database_deadlocks{datname="hma"}',
        replace: 'pg_stat_database_deadlocks{datname="app"}',
      },
      {
        file: 'docker/prometheus/rules.test.yml',
        find: 'pg_stat_database_deadlocks{datname="hma"}',
        replace: 'pg_stat_database_deadlocks{datname="app"}',
      },
    ),
    'the fallback of an alert is about a job that does not exist': edit(
      'docker/prometheus/rules.yml',
      'or on () 0 * up{job="backup"}) > 8 * 86400',
      'or on () 0 * up{job="restore-test"}) > 8 * 86400',
    ),
    'an alert knows nothing but its fallback': edits(
      {
        file: 'docker/prometheus/rules.yml',
        find: 'last_over_time(hma_restore_verified_timestamp_seconds[10d])',
        replace: 'last_over_time(hma_restore_verified_timestamp_seconds{job="restore-test"}[10d])',
      },
      {
        file: 'docker/prometheus/rules.test.yml',
        find: '{ series: hma_restore_verified_timestamp_seconds, values: "-691200x70" }',
        replace:
          '{ series: \'hma_restore_verified_timestamp_seconds{job="restore-test"}\', values: "-691200x70" }',
      },
    ),
    'the page says that no alert fires, whatever does': edit(
      PAGE,
      "({ state }) => state === 'firing'",
      "({ state }) => state === 'active'",
    ),
    'the page lists an alert without its runbook': edit(
      PAGE,
      "element('code', { textContent: annotations.runbook })",
      "element('code', { textContent: annotations.description })",
    ),
    'a narrow window does not show the whole line of an alert': edit(
      PAGE,
      '#alerts code {\n  overflow-wrap: anywhere;',
      '#alerts code {',
    ),
    'the page does not say what to do about an alert': edit(
      PAGE,
      'row.append(runbook(labels.alertname))',
      "row.append(runbook('ObjectMissing'))",
    ),
    'the ids of transactions that are used up are collected under another name': edits(
      { file: QUERIES, find: ' as used_ids from pg_database', replace: ' as ids from pg_database' },
      { file: QUERIES, find: '    - used_ids: {', replace: '    - ids: {' },
    ),
    'Prometheus reads no rules': edit(PROMETHEUS, 'rule_files: [rules.yml]', 'rule_files: [alerts.yml]'),
  },
  'E1.2.3': {
    'the page is not served': edit(BASE, '      - --web.user-assets=/etc/prometheus/page\n', ''),
    'the page lacks a panel': edit(PAGE, 'PANELS.map(createCard)', 'PANELS.slice(1).map(createCard)'),
    'a panel of the page asks for a metric that does not exist': edit(
      PAGE,
      'max(hma_connections_max)',
      'max(hma_connections_all)',
    ),
    'a share is shown as a hundredth of what it is': edit(
      PAGE,
      '`${(100 * value).toFixed(1)} %`',
      '`${value.toFixed(1)} %`',
    ),
    'the first line alone is drawn': edit(
      PAGE,
      'new uPlot(options, columns(series, times)',
      'new uPlot(options, columns(series.slice(0, 1), times)',
    ),
    'a day and a week have more points than Prometheus gives': edit(
      PAGE,
      'const POINTS = 200\n',
      'const POINTS = 20_000\n',
    ),
    'each refresh of the page draws another chart below the one before': edits(
      { file: PAGE, find: '  card.plot?.destroy()\n', replace: '' },
      { file: 'stack/dashboard/page.js', find: '  card.plot?.destroy()\n', replace: '' },
    ),
    'a chart stays as it was drawn first': edit(
      PAGE,
      '  card.plot?.destroy()\n',
      '  if (card.plot) return\n',
    ),
    'no line is drawn': edit(PAGE, 'width: 2, spanGaps', 'width: 0, spanGaps'),
    'dark text is too faint': edit(PAGE, '--faint: #a3acb8', '--faint: #4a5058'),
    'the page is wider than a narrow screen': edit(
      PAGE,
      'minmax(min(22rem, 100%), 1fr)',
      'minmax(30rem, 1fr)',
    ),
    'the page shows the last number of a service that is gone as one of now': edit(
      PAGE,
      'const CURRENT_S = 45\n',
      'const CURRENT_S = 7 * DAY_S\n',
    ),
    'the page does not say when a service was asked for the last time': edit(
      PAGE,
      '`no data since ${time}`',
      "'no data'",
    ),
    'a query that is refused leaves out the alerts, which are asked for last': edits(
      { file: PAGE, find: NO_ANSWER, replace: '    throw error\n' },
      {
        file: PAGE,
        find: AT_ONCE,
        replace:
          '  await Promise.all(cards.map((card) => refreshCard(card, times)))\n  const problem = await refreshAlerts()\n',
      },
    ),
    'a query that is refused leaves out the panels after its own': edits(
      { file: PAGE, find: NO_ANSWER, replace: '    throw error\n' },
      {
        file: PAGE,
        find: AT_ONCE,
        replace:
          '  const problem = await refreshAlerts()\n  for (const card of cards) await refreshCard(card, times)\n',
      },
    ),
    'the console has an error': edit(PAGE, 'void refresh()', "console.error('unknown'), refresh()"),
  },
})
