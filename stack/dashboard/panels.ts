// The panels of the dashboard: the questions of an on-call person, and the queries that answer them. Grafana's dashboard and the page
// that Prometheus serves are generated from this list; docs/observability.md says what each means.
import { DATABASE_PANELS } from './database-panels.ts'
import { ACTIVITY, type Panel } from './panel.ts'

const backup = (metric: string) => `max(hma_${metric})`
const age = (metric: string) => `time() - ${backup(metric)}`

export const PANELS: readonly Panel[] = [
  {
    title: 'Up',
    question: 'Does every service answer?',
    unit: 'none',
    shows: 'lines',
    queries: [
      { expr: 'min by (job) (up)', legend: '{{job}}' },
      { expr: 'max(pg_up) or vector(0)', legend: 'database' },
      { expr: 'max(redis_up) or vector(0)', legend: 'cache' },
    ],
  },
  ...DATABASE_PANELS,
  {
    title: 'Cache memory',
    question: 'How far is Redis from its limit?',
    unit: 'bytes',
    shows: 'lines',
    queries: [
      { expr: 'max(redis_memory_used_bytes)', legend: 'used' },
      { expr: 'max(redis_memory_max_bytes)', legend: 'limit' },
    ],
  },
  {
    title: 'Cache hit rate',
    question: 'Do clients find what they look for?',
    unit: 'share',
    shows: 'lines',
    queries: [
      {
        expr: 'sum(redis_keyspace_hits_total) / clamp_min(sum(redis_keyspace_hits_total) + sum(redis_keyspace_misses_total), 1)',
        legend: 'since the start',
      },
    ],
  },
  {
    title: 'Evicted and expired keys',
    question: 'Does the cache throw away what is still wanted?',
    unit: 'per second',
    shows: 'lines',
    queries: [
      { expr: `sum(rate(redis_evicted_keys_total${ACTIVITY}))`, legend: 'evicted' },
      { expr: `sum(rate(redis_expired_keys_total${ACTIVITY}))`, legend: 'expired' },
    ],
  },
  {
    title: 'Object store',
    question: 'Does the disk fill up?',
    unit: 'bytes',
    shows: 'lines',
    queries: [
      { expr: 'sum by (bucket) (minio_bucket_usage_total_bytes)', legend: 'bucket {{bucket}}' },
      { expr: 'sum(minio_cluster_capacity_usable_free_bytes)', legend: 'free on its disk' },
    ],
  },
  {
    title: 'ML requests',
    question: 'Does the ML stub answer, and with what?',
    unit: 'per second',
    shows: 'lines',
    queries: [
      { expr: `sum by (status) (rate(hma_ml_requests_total${ACTIVITY}))`, legend: 'status {{status}}' },
    ],
  },
  {
    title: 'Audit log: months prepared',
    question: 'Can the log be written next month?',
    unit: 'none',
    shows: 'number',
    queries: [{ expr: 'max(hma_audit_months_ahead)', legend: 'months after this one' }],
  },
  {
    title: 'Audit log: not sealed',
    question: 'Is the log sealed, so that a change would be noticed?',
    unit: 'none',
    shows: 'lines',
    queries: [{ expr: 'max(hma_audit_unsealed_rows)', legend: 'rows' }],
  },
  {
    title: 'Age of the newest backup',
    question: 'How much would be lost?',
    unit: 'seconds',
    shows: 'number',
    queries: [{ expr: age('backup_last_success_timestamp_seconds'), legend: 'age' }],
    profile: 'backup',
  },
  {
    title: 'Since a restore was verified',
    question: 'Is it known that a backup can be restored?',
    unit: 'seconds',
    shows: 'number',
    queries: [{ expr: age('restore_verified_timestamp_seconds'), legend: 'age' }],
    profile: 'backup',
  },
  {
    title: 'Recovery time',
    question: 'How long would a restore take, and how much did the last verified one lose?',
    unit: 'seconds',
    shows: 'number',
    queries: [
      { expr: backup('restore_rto_seconds'), legend: 'to restore (RTO)' },
      { expr: backup('restore_rpo_seconds'), legend: 'lost (RPO)' },
    ],
    profile: 'backup',
  },
]
