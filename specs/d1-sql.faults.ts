import { edit, faults, sql } from '../harness/setup.ts'

const MAIN = 'migrations/lint/main.ts'

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
    'seeds are not checked': edit(MAIN, '{migrations,seeds,ops,docker}/', 'migrations/'),
    'the seeds of the product are not checked': edit(
      MAIN,
      '{migrations,seeds,ops,docker}/',
      '{migrations,seeds/*,ops,docker}/',
    ),
    'a linter that crashed counts as one without violations': edit(
      'migrations/lint/linters.ts',
      'return schema.parse(JSON.parse(result.stdout))',
      "return schema.parse(JSON.parse(result.stdout || '[]'))",
    ),
    'a function reads a column that does not exist': sql`create function auth.broken() returns void language plpgsql set search_path = ''
      as $$ begin perform u.shoe_size from auth.users u; end $$`,
  },
})
