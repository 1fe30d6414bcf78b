import { edit, edits, faults } from '../harness/setup.ts'

const DATABASE = 'ops/stats/db-stats.sql'
const CACHE = 'ops/stats/cache.ts'
const STATEMENTS = 'ops/stats/slow-queries.sql'

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
    'a lock that is waited for counts as held': edit(
      DATABASE,
      'count(*) filter (where k.granted) as held',
      'count(*) as held',
    ),
    'locks of what is no part of the database are counted, too': edit(
      DATABASE,
      '     where k.database = (select d.oid from pg_database d where d.datname = current_database())\n     group by k.mode',
      '     group by k.mode',
    ),
    'the text says of locks that are held that they are waited for': edit(
      'ops/stats/database-figures.ts',
      '`${mode} ${held} held, ${waiting} waited for`',
      '`${mode} ${waiting} held, ${held} waited for`',
    ),
    'the text shows the version of another program': edit(
      'ops/stats/database-figures.ts',
      'Postgres ${figures.version}`',
      'Postgres ${process.versions.node}`',
    ),
    'the text leaves out what the longest transaction does': edit(
      'ops/stats/database-figures.ts',
      '${duration(found.seconds)}, ${found.state}, ',
      '${duration(found.seconds)}, ',
    ),
    'the text leaves out the application of the longest transaction': edit(
      'ops/stats/database-figures.ts',
      "${found.login} (${found.application || 'no name'})",
      '${found.login}',
    ),
    'the text says of a server without archive how many files it has archived': edit(
      'ops/stats/database-figures.ts',
      "  if (mode === 'off') return 'off'\n",
      '',
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
    'the text shows the time of an open transaction in minutes': edit(
      'ops/stats/database-figures.ts',
      'duration(found.seconds)',
      'duration(found.seconds / 60)',
    ),
    'the text shows in minutes how long a session waits': edit(
      'ops/stats/database-figures.ts',
      'duration(seconds)',
      'duration(seconds / 60)',
    ),
    'the text shows the lag of a replica in minutes': edit(
      'ops/stats/database-figures.ts',
      'duration(lagSeconds)',
      'duration(lagSeconds / 60)',
    ),
    'the text shows the hour of the last seal alone': edit(
      'ops/stats/database-figures.ts',
      'sealing.sealedAt.slice(0, 16)',
      'sealing.sealedAt.slice(0, 13)',
    ),
    'the text shows the hour of the last archived file alone': edit(
      'ops/stats/database-figures.ts',
      'lastArchivedAt?.slice(0, 16)',
      'lastArchivedAt?.slice(0, 13)',
    ),
    'an archive that fails is shown as one that works': edit(
      'ops/stats/database-figures.ts',
      'lastFailedAt > lastArchivedAt',
      'lastFailedAt < lastArchivedAt',
    ),
    'a failure before the last file is shown as one that lasts': edit(
      'ops/stats/database-figures.ts',
      '(lastArchivedAt === null || lastFailedAt > lastArchivedAt)',
      'true',
    ),
    'the memory that is used is that of the whole process': edit(
      CACHE,
      "used: number('used_memory')",
      "used: number('used_memory_rss')",
    ),
    'the clients that are allowed are called connected': edit(
      CACHE,
      "connected: number('connected_clients')",
      "connected: number('maxclients')",
    ),
    'the text leaves out what Redis does when its memory is full': edit(
      'ops/stats/cache-figures.ts',
      '(${percent(used / max)}), ${policy}`',
      '(${percent(used / max)})`',
    ),
    'keys of another logical database are called those of the first one': edit(
      CACHE,
      'database: client.options.database ?? 0',
      'database: 0',
    ),
    'the keys of the first logical database are counted, whichever the URL names': edit(
      CACHE,
      'createClient({ url: href,',
      "createClient({ url: new URL('/0', href).href,",
    ),
    'the text does not say of which logical database its keys are': edit(
      'ops/stats/cache-figures.ts',
      '${total} in database ${database}`',
      '${total}`',
    ),
    'the text shows a slow call in seconds': edit(
      'ops/stats/cache-figures.ts',
      'microseconds / 1000',
      'microseconds / 1e6',
    ),
    'the text shows the mean as the estimate': edit(
      'ops/stats/slow-queries.ts',
      'meanMs.toFixed(2),\n      p95Ms.toFixed(2),',
      'p95Ms.toFixed(2),\n      meanMs.toFixed(2),',
    ),
    'the text shows rows as calls': edit(
      'ops/stats/slow-queries.ts',
      '({ calls, meanMs, p95Ms, totalMs, share, rows: count, login, text })',
      '({ rows: calls, meanMs, p95Ms, totalMs, share, calls: count, login, text })',
    ),
    'a share is that of the statements that are listed': edit(
      STATEMENTS,
      'as share from counted order by order_column desc limit $1',
      'as share from (select * from counted order by order_column desc limit $1) l',
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
    'keys are counted beyond the number that was asked for': edits(
      { file: CACHE, find: 'names.slice(0, most - counted)', replace: 'names' },
      { file: CACHE, find: 'Math.min(names.length, most - counted)', replace: 'names.length' },
    ),
    'all keys are asked for with one command, during which Redis answers nobody else': edits(
      { file: CACHE, find: "['SCAN', cursor, 'COUNT', `${SCANNED_AT_ONCE}`]", replace: "['KEYS', '*']" },
      {
        file: CACHE,
        find: 'await ask<[string, string[]]>(...words)',
        replace: "['0', await ask<string[]>(...words)] as const",
      },
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
})
