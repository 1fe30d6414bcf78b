import { edit, faults } from '../harness/setup.ts'

const STATEMENTS = 'ops/stats/slow-queries.sql'
const MISSING = 'ops/stats/statement-statistics.ts'

export default faults({
  'E1.0.1': {
    'the rows of a statement that ran both at the top level and inside of a function are those of the larger part and not the sum':
      edit(STATEMENTS, 'sum(s.rows) as rows', 'max(s.rows) as rows'),
    'a statement that ran both at the top level and inside of a function is listed twice': edit(
      STATEMENTS,
      'group by s.userid, s.queryid,',
      'group by s.userid, s.toplevel, s.queryid,',
    ),
  },
  'E1.0.3': {
    'the server keeps statements that give a password to a login, with the password': edit(
      'docker/docker-compose.yml',
      '      - -c\n      - pg_stat_statements.track_utility=off\n',
      '',
    ),
    'statements of other databases are listed': edit(
      STATEMENTS,
      '     where s.dbid = (select d.oid from pg_database d where d.datname = current_database())\n',
      '',
    ),
    'the text says since when the server runs, and not since when it counts': edit(
      STATEMENTS,
      '(select stats_reset from extension_schema.pg_stat_statements_info)',
      'pg_postmaster_start_time()',
    ),
    'the text does not say of which database its statements are': edit(
      'ops/stats/slow-queries.ts',
      '`${database}, since ${start}`',
      '`since ${start}`',
    ),
    'the estimate is the slowest call': edit(
      STATEMENTS,
      'least(mean_ms + 1.645 * deviation_ms, slowest_ms)',
      'slowest_ms',
    ),
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
    'a statement is left out whose login was dropped': edit(
      STATEMENTS,
      'from extension_schema.pg_stat_statements s\n',
      'from extension_schema.pg_stat_statements s join pg_roles r on r.oid = s.userid\n',
    ),
    'what is hidden is not counted': edit(
      STATEMENTS,
      "'hidden', (select count(*) from listed where text =",
      "'hidden', (select count(*) from listed where login =",
    ),
    'the explanation is printed with --json alone': edit(
      'config/program.ts',
      'else if (error === thrown)',
      'else if (error === thrown && !jsonErrors)',
    ),
    'a lack of statements is called a success': edit(MISSING, 'exitCode: EXIT.failed', 'exitCode: 0'),
    'a library that is not loaded is not noticed': edit(
      MISSING,
      "!libraries.includes('pg_stat_statements')",
      "libraries.includes('pg_stat_statements,')",
    ),
    'another library is taken for the one that counts': edit(
      MISSING,
      "libraries !== null && !libraries.includes('pg_stat_statements')",
      "libraries === ''",
    ),
    'the library that counts is not found beside another one': edit(
      MISSING,
      "!libraries.includes('pg_stat_statements')",
      "libraries !== 'pg_stat_statements'",
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
