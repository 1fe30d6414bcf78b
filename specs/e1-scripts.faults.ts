import { edit, faults } from '../harness/setup.ts'

const DATABASE = 'ops/stats/db-stats.sql'
const CACHE = 'ops/stats/cache.ts'
const STATEMENTS = 'ops/stats/slow-queries.sql'
const MISSING = 'ops/stats/statement-statistics.ts'

export default faults({
  'E1.0.1': {
    'a session that waits is not reported': edit(
      DATABASE,
      'where cardinality(s.blockers) > 0',
      'where cardinality(s.blockers) > 9',
    ),
    'db-stats waits for the lock of a table': edit(
      DATABASE,
      'case when l.relation is null then pg_table_size(s.relid) end',
      'pg_table_size(s.relid)',
    ),
    'the size of indexes is that of the table': edit(
      DATABASE,
      'pg_indexes_size(s.relid)',
      'pg_table_size(s.relid)',
    ),
    'the share of misses is called that of hits': edit(
      DATABASE,
      'select blks_hit::float8',
      'select blks_read::float8',
    ),
    'rollbacks are counted for the whole cluster': edit(
      DATABASE,
      "'rolledBack', xact_rollback",
      "'rolledBack', (select sum(xact_rollback) from pg_stat_database)",
    ),
    'the session that asks is counted, too': edit(
      DATABASE,
      "where backend_type = 'client backend' and pid <> pg_backend_pid()",
      "where backend_type = 'client backend'",
    ),
    'the newest transaction is called the longest': edit(
      DATABASE,
      'where xact_start is not null order by xact_start limit 1',
      'where xact_start is not null order by xact_start desc limit 1',
    ),
    'the current month counts as prepared ahead': edit(
      DATABASE,
      "month > date_trunc('month'",
      "month >= date_trunc('month'",
    ),
    'rows that a seal covers are called unsealed': edit(
      'ops/stats/audit-sealing.sql',
      'coalesce(seals.up_to_id, 0)',
      '0',
    ),
    'the text names connections that are allowed as used': edit(
      'ops/stats/database-figures.ts',
      'return `${used} of ${max} (',
      'return `${max} of ${used} (',
    ),
    'the text shows indexes without their size': edit(
      'ops/stats/database-figures.ts',
      'size(tableBytes), size(indexBytes)',
      'size(tableBytes), size(tableBytes)',
    ),
    'misses are reported as hits': edit(
      CACHE,
      "hits: number('keyspace_hits')",
      "hits: number('keyspace_misses')",
    ),
    'keys are counted without their prefix': edit(
      CACHE,
      "name.slice(0, name.indexOf(':') + 1)",
      "name.slice(0, name.indexOf(':'))",
    ),
    'expired keys are called evicted': edit(
      CACHE,
      "evicted: number('evicted_keys')",
      "evicted: number('expired_keys')",
    ),
    'a slow command is shown with its arguments': edit(
      'ops/stats/cache-figures.ts',
      'String((words as unknown[])[0] ??',
      "(words as unknown[]).join(' ') || String(",
    ),
    'the text shows hits as misses': edit(
      'ops/stats/cache-figures.ts',
      '(${figures.hits} hits, ${figures.misses} misses)',
      '(${figures.misses} hits, ${figures.hits} misses)',
    ),
  },
  'E1.0.2': {
    'a round has no limit': edit('ops/stats/program.ts', '  }, milliseconds)', '  }, 600_000)'),
    'a paused server is called gone': edit(
      'ops/stats/database.ts',
      '? noAnswer(server, milliseconds) :',
      '? gone(server, message) :',
    ),
    'a server that hangs is called gone': edit(
      'ops/stats/database.ts',
      'if (CANCELLED.includes(code)) return slow(',
      'if (CANCELLED.includes(code)) return gone(',
    ),
  },
  'E1.0.3': {
    'the quickest statement comes first': edit(
      STATEMENTS,
      'from counted order by order_column desc limit',
      'from counted order by order_column asc limit',
    ),
    'the estimate may be below the mean': edit(
      STATEMENTS,
      'mean_ms + 1.645 * deviation_ms',
      'mean_ms - 1.645 * deviation_ms - 1',
    ),
    'the mean is that of the slowest call': edit(STATEMENTS, "'meanMs', mean_ms", "'meanMs', slowest_ms"),
    'the order is always by time': edit('ops/stats/slow-queries.ts', 'ORDERS[options.order]', 'ORDERS.total'),
    'what is hidden is not counted': edit(
      STATEMENTS,
      "'hidden', (select count(*) from listed where text =",
      "'hidden', (select count(*) from listed where login =",
    ),
    'a library that is not loaded is not noticed': edit(
      MISSING,
      "!libraries.includes('pg_stat_statements')",
      "libraries.includes('pg_stat_statements,')",
    ),
    'an extension that is absent is called a lack of privilege': edit(
      MISSING,
      "      'no extension',",
      "      'no privilege',",
    ),
    'a lack of privilege is not noticed': edit(
      MISSING,
      'if (readable !== true)',
      'if (readable === undefined)',
    ),
    'counting that is off is not noticed': edit(MISSING, "track === 'none'", "track === 'nothing'"),
  },
})
