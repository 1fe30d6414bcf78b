import { edit, faults } from '../harness/setup.ts'

export default faults({
  'E1.0.1': {
    'a session that waits is not reported': edit(
      'ops/stats/db-stats.sql',
      'where cardinality(s.blockers) > 0',
      'where cardinality(s.blockers) > 9',
    ),
    'db-stats waits for the lock of a table': edit(
      'ops/stats/db-stats.sql',
      'case when l.relation is null then pg_table_size(s.relid) end',
      'pg_table_size(s.relid)',
    ),
    'the size of indexes is that of the table': edit(
      'ops/stats/db-stats.sql',
      'pg_indexes_size(s.relid)',
      'pg_table_size(s.relid)',
    ),
    'misses are reported as hits': edit(
      'ops/stats/cache.ts',
      "hits: number('keyspace_hits')",
      "hits: number('keyspace_misses')",
    ),
    'keys are counted without their prefix': edit(
      'ops/stats/cache.ts',
      "name.slice(0, name.indexOf(':') + 1)",
      "name.slice(0, name.indexOf(':'))",
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
      'ops/stats/slow-queries.sql',
      'from counted order by ORDER_BY desc limit',
      'from counted order by ORDER_BY asc limit',
    ),
    'the estimate may be below the mean': edit(
      'ops/stats/slow-queries.sql',
      'mean_ms + 1.645 * deviation_ms',
      'mean_ms - 1.645 * deviation_ms - 1',
    ),
    'a library that is not loaded is not noticed': edit(
      'ops/stats/statement-statistics.ts',
      "!libraries.includes('pg_stat_statements')",
      "libraries.includes('pg_stat_statements,')",
    ),
  },
})
