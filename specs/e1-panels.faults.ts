import { edit, faults } from '../harness/setup.ts'

const BASE = 'docker/docker-compose.yml'
const DASHBOARD = 'docker/grafana/dashboard.json'

export default faults({
  'E1.2.1': {
    'a panel asks for a metric that does not exist': edit(
      DASHBOARD,
      'max(hma_connections_used)',
      'max(hma_connections_open)',
    ),
    'a panel shows nothing but its fallback': edit(
      DASHBOARD,
      'max(pg_up) or vector(0)',
      'max(pg_is_up) or vector(0)',
    ),
    'a panel is empty while every row is sealed': edit(
      DASHBOARD,
      'max(hma_audit_unsealed_rows)',
      'max(hma_audit_unsealed_rows > 0)',
    ),
    'a query is no PromQL': edit(DASHBOARD, 'topk(5, sum by (queryid)', 'topk(5, sum by queryid'),
    'the checkpoints of Postgres 17 are not collected': edit(
      BASE,
      '      - --collector.stat_checkpointer\n',
      '',
    ),
    'a backup after the restore test drops its figures, and two panels have no data': edit(
      'ops/backup/metrics.ts',
      '/^(hma_\\w+) (\\S+)$/gm',
      '/^(hma_backup_\\w+) (\\S+)$/gm',
    ),
    'the exporter waits for the lock of a table': edit(BASE, '&lock_timeout=500&statement_timeout=5000', ''),
    'the panel of Redis shows misses as hits': edit(
      DASHBOARD,
      'sum(redis_keyspace_hits_total) / clamp_min',
      'sum(redis_keyspace_misses_total) / clamp_min',
    ),
    'the panel of the database shows as found in memory what was read from the disk': edit(
      DASHBOARD,
      'sum(pg_stat_database_blks_hit{datname=\\"hma\\"}) / (sum',
      'sum(pg_stat_database_blks_read{datname=\\"hma\\"}) / (sum',
    ),
    'the panel of the disk shows its size as free': edit(
      DASHBOARD,
      'max(hma_database_disk_free_bytes)',
      'max(hma_database_disk_total_bytes)',
    ),
    'the panel of Redis shows the memory of the whole process': edit(
      DASHBOARD,
      'max(redis_memory_used_bytes)',
      'max(redis_memory_used_rss_bytes)',
    ),
    'the rows that live are shown as dead': edit(
      DASHBOARD,
      'pg_stat_user_tables_n_dead_tup',
      'pg_stat_user_tables_n_live_tup',
    ),
    'the time that a restore takes is shown as that which the backup was old': edit(
      DASHBOARD,
      'max(hma_restore_rto_seconds)',
      'max(hma_restore_rpo_seconds)',
    ),
    'the age of the server is shown as that of the newest backup': edit(
      DASHBOARD,
      'time() - max(hma_backup_last_success_timestamp_seconds)',
      'time() - max(pg_postmaster_start_time_seconds)',
    ),
  },
})
