import { edit, edits, faults } from '../harness/setup.ts'

const RULES = 'docker/prometheus/rules.yml'
const QUERIES = 'docker/prometheus/queries.yml'
const FREE = 'minio_cluster_capacity_usable_free_bytes'
const RAW = 'minio_cluster_capacity_raw_total_bytes'
const FREE_OF_DATABASE = 'hma_database_disk_free_bytes'
const UNKNOWN = 'hma_database_disk_available_bytes'

export default faults({
  'E1.1.3': {
    'sessions that do nothing are no connections in use': edit(
      QUERIES,
      "where backend_type = 'client backend') as used",
      "where backend_type = 'client backend' and state = 'active') as used",
    ),
    'a transaction is only long while a statement of it runs': edit(
      QUERIES,
      'and pid <> pg_backend_pid()) as longest_transaction_seconds',
      "and state = 'active' and pid <> pg_backend_pid()) as longest_transaction_seconds",
    ),
    'this month counts as one that is prepared ahead': edit(
      QUERIES,
      "                   > date_trunc('month'",
      "                   >= date_trunc('month'",
    ),
    'the alert about the months goes on for an hour after they are prepared': edit(
      RULES,
      'expr: hma_audit_months_ahead < 2\n        for: 10m\n',
      'expr: hma_audit_months_ahead < 2\n        for: 10m\n        keep_firing_for: 1h\n',
    ),
    'the alert about evicted keys fires until Redis is started again': edit(
      RULES,
      'increase(redis_evicted_keys_total[10m]) > 0',
      'redis_evicted_keys_total > 0',
    ),
    'the alert about the disk takes the size of the disk for what is free of it': edits(
      { file: RULES, find: FREE, replace: RAW },
      { file: 'docker/prometheus/rules.test.yml', find: FREE, replace: RAW },
    ),
    'the alert about the disk of the database asks for a figure that nobody serves': edits(
      { file: RULES, find: FREE_OF_DATABASE, replace: UNKNOWN },
      { file: 'docker/prometheus/rules.test.yml', find: FREE_OF_DATABASE, replace: UNKNOWN },
    ),
    'a restore test does not end the alert about the one before it': edit(
      RULES,
      'max(last_over_time(hma_restore_verified_timestamp_seconds[10d]))',
      'max(min_over_time(hma_restore_verified_timestamp_seconds[10d]))',
    ),
    'a backup that failed is told to nobody': edit(
      'ops/backup/backup.ts',
      '      noteMetrics(folder, { hma_backup_last_failure_timestamp_seconds: now() })\n',
      '',
    ),
    'the alert about the database does not inhibit what follows from it': edit(
      'docker/alertmanager/alertmanager.yml',
      `inhibit_rules:
  - source_matchers: [alertname="DatabaseDown"]
    target_matchers: [alertname=~"AuditNotSealed|MonthsRunningOut|ModelServerDegraded"]
`,
      '',
    ),
    'the ML stub waits without a limit for a database that is frozen': edit(
      'ml-stub/database.ts',
      '  query_timeout: WAIT_MS,\n',
      '',
    ),
  },
})
