// The panels about Postgres.
import { ACTIVITY, type Panel } from './panel.ts'

/** Of one database; the others are Postgres's own. */
const DB = '{datname="hma"}'

export const DATABASE_PANELS: readonly Panel[] = [
  {
    title: 'Connections',
    question: 'Are there connections left?',
    unit: 'none',
    shows: 'lines',
    queries: [
      { expr: 'max(hma_connections_used)', legend: 'used' },
      { expr: 'max(hma_connections_max)', legend: 'allowed' },
    ],
  },
  {
    title: 'Transactions',
    question: 'How much does the database do, and how much of it fails?',
    unit: 'per second',
    shows: 'lines',
    queries: [
      { expr: `sum(rate(pg_stat_database_xact_commit${DB}${ACTIVITY}))`, legend: 'committed' },
      { expr: `sum(rate(pg_stat_database_xact_rollback${DB}${ACTIVITY}))`, legend: 'rolled back' },
    ],
  },
  {
    title: 'Database cache hit',
    question: 'Does the data that is used fit into memory?',
    unit: 'share',
    shows: 'lines',
    queries: [
      {
        expr: `sum(pg_stat_database_blks_hit${DB}) / (sum(pg_stat_database_blks_hit${DB}) + sum(pg_stat_database_blks_read${DB}))`,
        legend: 'since the last reset',
      },
    ],
  },
  {
    title: 'Locks',
    question: 'Who waits for whom?',
    unit: 'none',
    shows: 'lines',
    queries: [
      { expr: 'max(hma_connections_blocked)', legend: 'sessions that wait' },
      { expr: `sum(pg_locks_count${DB})`, legend: 'locks held' },
      { expr: `sum(increase(pg_stat_database_deadlocks${DB}${ACTIVITY}))`, legend: 'deadlocks in 5 minutes' },
    ],
  },
  {
    title: 'Longest transaction',
    question: 'Does something hold locks and keep dead rows?',
    unit: 'seconds',
    shows: 'lines',
    queries: [{ expr: 'max(hma_connections_longest_transaction_seconds)', legend: 'oldest' }],
  },
  {
    title: 'Checkpoints',
    question: 'Is more written than the log has room for? Then requested ones are more than timed ones.',
    unit: 'per second',
    shows: 'lines',
    queries: [
      { expr: `sum(rate(pg_stat_checkpointer_num_timed_total${ACTIVITY}))`, legend: 'timed' },
      { expr: `sum(rate(pg_stat_checkpointer_num_requested_total${ACTIVITY}))`, legend: 'requested' },
    ],
  },
  {
    title: 'Top statements',
    question: 'Which statements take the time? scripts/slow-queries.sh shows their text.',
    unit: 'seconds',
    shows: 'lines',
    queries: [
      {
        expr: `topk(5, sum by (queryid) (rate(pg_stat_statements_seconds_total${ACTIVITY})))`,
        legend: '{{queryid}}',
      },
    ],
  },
  {
    title: 'Dead rows',
    question: 'Does vacuum keep up?',
    unit: 'none',
    shows: 'lines',
    queries: [
      {
        expr: 'topk(5, sum by (schemaname, relname) (pg_stat_user_tables_n_dead_tup))',
        legend: '{{schemaname}}.{{relname}}',
      },
    ],
  },
  {
    title: 'Database disk',
    question: 'When will the database stop, because its disk is full?',
    unit: 'bytes',
    shows: 'lines',
    queries: [
      { expr: 'max(hma_database_disk_free_bytes)', legend: 'free' },
      { expr: 'max(hma_database_disk_total_bytes)', legend: 'size' },
    ],
  },
]
