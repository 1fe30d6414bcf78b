import { clusterSql, edit, edits, faults, sql } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const RULES = 'docker/prometheus/rules.yml'

export default faults({
  'E1.1.1': {
    'in prod Alertmanager is in another network than Prometheus, so that its target is down and gets no alert':
      edit(
        'docker/docker-compose.prod.yml',
        '  alertmanager:\n    networks: !override [data]\n',
        '  alertmanager:\n    networks: !override [edge]\n',
      ),
  },
  'E1.1.2': {
    'Prometheus starts with the rest': edit(
      BASE,
      'prometheus:\n    <<: *confined\n    profiles: [observability]\n',
      'prometheus:\n    <<: *confined\n',
    ),
    'everybody needs the image of Grafana, which has no stand-in': edit(
      'docker/images.lock',
      '    stand-in: none\n    profile: grafana\n',
      '    stand-in: none\n',
    ),
    'a set-up starts again what somebody has stopped of the profile': edit(
      'stack/setup/stack.ts',
      "containers.filter(({ status }) => status === 'running').map(({ service }) => service)",
      'containers.map(({ service }) => service)',
    ),
    'its image is built for everybody': edit(
      'docker/images.lock',
      '    stand-in: docker/stand-ins/prometheus\n    profile: observability\n',
      '    stand-in: docker/stand-ins/prometheus\n',
    ),
  },
  'E1.1.3': {
    'a second alert has the name of one that has a test': edit(
      RULES,
      '      - alert: BackupTooOld\n',
      `      - alert: DiskFillingUp
        expr: hma_database_free_bytes < 0.1
        labels: { severity: critical }
        annotations:
          summary: The disk of the database fills up.
          runbook: docs/observability.md#diskfillingup
      - alert: BackupTooOld
`,
    ),
    'the alert about the database waits for an hour': edit(
      RULES,
      'expr: absent(pg_up == 1)\n        for: 30s',
      'expr: absent(pg_up == 1)\n        for: 1h',
    ),
    'a service that is down counts as one without a backup': edit(
      RULES,
      'max(last_over_time(hma_backup_last_success_timestamp_seconds[2d]))',
      'max(hma_backup_last_success_timestamp_seconds)',
    ),
    'the backups of an address that the service had before count on their own': edit(
      RULES,
      'max(last_over_time(hma_backup_last_success_timestamp_seconds[2d]))',
      'last_over_time(hma_backup_last_success_timestamp_seconds[2d])',
    ),
    'the first change after quiet hours is an alert about the seals': edit(RULES, 'for: 75m', 'for: 10m'),
    'an old backup is noticed a day late': edit(RULES, '> 26 * 3600', '> 50 * 3600'),
    'an old backup is no alert while the service of the backups is down': edit(
      RULES,
      'up{job="backup"}) > 26 * 3600',
      '(up{job="backup"} == 1)) > 26 * 3600',
    ),
    'a service of the backups that is gone is no target that is down': edit(
      RULES,
      'expr: up == 0',
      'expr: up{job!="backup"} == 0',
    ),
    'ids of transactions are about to run out when the alert comes': edit(
      RULES,
      'hma_wraparound_used_ids > 1e9',
      'hma_wraparound_used_ids > 2e9',
    ),
    'a runbook does not exist': edit(RULES, '#longtransaction', '#long-transaction'),
    'a runbook is a heading without a text': edit(
      'docs/observability.md',
      'Somebody changed `maxmemory-policy`. Redis is a store here, and not only a cache: set it back to noeviction.\n',
      '',
    ),
    'an alert has no test': edit(RULES, '- alert: Deadlocks', '- alert: DeadlocksSeen'),
  },
  'E1.1.4': {
    'the exporter can read users': sql`grant usage on schema auth to hma_monitor; grant select on auth.users to hma_monitor`,
    'the exporter logs in as the superuser': edits(
      { file: BASE, find: 'DATA_SOURCE_USER: hma_monitor', replace: 'DATA_SOURCE_USER: postgres' },
      {
        file: BASE,
        find: 'DATA_SOURCE_PASS_FILE: /run/secrets/monitor-password',
        replace: 'DATA_SOURCE_PASS_FILE: /run/secrets/postgres-password',
      },
      { file: BASE, find: 'secrets: [monitor-password]', replace: 'secrets: [postgres-password]' },
    ),
    'the exporter can reset statistics': sql`grant execute on function statistics.pg_stat_statements_reset(oid, oid, bigint, boolean) to hma_monitor`,
    'the exporter can end sessions': clusterSql(
      'grant pg_signal_backend to hma_monitor with inherit true, set false',
      'revoke pg_signal_backend from hma_monitor',
    ),
    'the exporter can read files of the server': sql`grant execute on function pg_catalog.pg_read_file(text) to hma_monitor`,
    'the role of the exporter may read the rows of every month of the audit log that is prepared from now on': sql`
      alter default privileges for role hma_owner in schema audit grant select on tables to hma_monitor`,
    'the exporter can read everything': clusterSql(
      'grant pg_read_all_data to hma_monitor',
      'revoke pg_read_all_data from hma_monitor',
    ),
  },
})
