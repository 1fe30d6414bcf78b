import { edit, faults, sql } from '../harness/setup.ts'

const MAIN = 'migrations/lint/main.ts'
const LINTERS = 'migrations/lint/linters.ts'
const EXCEPTIONS = 'migrations/lint/exceptions.yaml'

export default faults({
  'D1.1.2': {
    'a migration is written in upper case': edit(
      'migrations/0002_users.up.sql',
      'create table auth.users (',
      'CREATE TABLE auth.users (',
    ),
    'the check exits with 0 whatever it found': edit(
      MAIN,
      'return violations.length === 0 ? 0 : EXIT.failed',
      'return 0',
    ),
    'squawk does not run': edit(MAIN, '[runSquawk(files), runSqlfluff(files)', '[runSqlfluff(files)'),
    'sqlfluff does not run': edit(MAIN, 'runSquawk(files), runSqlfluff(files)', 'runSquawk(files)'),
    'below letters outside of ASCII an error is in another line': edit(
      'migrations/lint/spot.py',
      'parse_sql(re.sub(r"[^\\x00-\\x7f]", "x", sql))',
      'parse_sql(sql)',
    ),
    'neither the grammar nor pgspot runs': edit(
      MAIN,
      'runSqlfluff(files), runPgspot(files)]',
      'runSqlfluff(files)]',
    ),
    'an exception for one rule covers every rule': edit(
      'migrations/lint/exceptions.ts',
      'exception.rule === rule && ',
      '',
    ),
    'a migration may drop a column on its way up': edit(
      EXCEPTIONS,
      'rule: ban-drop-column\n  files: migrations/*.down.sql',
      'rule: ban-drop-column\n  files: migrations/*.sql',
    ),
    'a migration may drop a table on its way up': edit(
      EXCEPTIONS,
      'rule: ban-drop-table\n  files: migrations/*.down.sql',
      'rule: ban-drop-table\n  files: migrations/*.sql',
    ),
    'seeds are not checked': edit(MAIN, '{migrations,seeds,ops,docker}/', 'migrations/'),
    'the seeds of the product are not checked': edit(
      MAIN,
      '{migrations,seeds,ops,docker}/',
      '{migrations,seeds/*,ops,docker}/',
    ),
    'a migration that runs without a transaction is not checked by squawk': edit(
      LINTERS,
      'const others = files.filter((file) => !inTransaction.includes(file))',
      "const others = files.filter((file) => !file.startsWith('migrations/'))",
    ),
    'a seed is not checked by squawk': edit(
      LINTERS,
      'const others = files.filter((file) => !inTransaction.includes(file))',
      "const others = files.filter((file) => !inTransaction.includes(file) && !file.startsWith('seeds/'))",
    ),
    'a seed need not parse': edit(
      MAIN,
      'runPgspot(files)]',
      "runPgspot(files.filter((file) => !file.startsWith('seeds/')))]",
    ),
    'a linter that crashed counts as one without violations': edit(
      LINTERS,
      'return schema.parse(JSON.parse(result.stdout))',
      "return schema.parse(JSON.parse(result.stdout || '[]'))",
    ),
    'a defect that the SQL step finds does not fail its job on github': edit(
      '.github/workflows/quality-gate.yml',
      '        run: scripts/gate.sh --only sql\n        timeout-minutes: 5\n',
      '        run: scripts/gate.sh --only sql\n        timeout-minutes: 5\n        continue-on-error: true\n',
    ),
    'the gate checks one file': edit(
      'stack/gate/steps.ts',
      "['scripts/check-sql.sh']",
      "['scripts/check-sql.sh', 'migrations/roles.sql']",
    ),
    'a function reads a column that does not exist': sql`create function auth.broken() returns void language plpgsql set search_path = ''
      as $$ begin perform u.shoe_size from auth.users u; end $$`,
  },
})
