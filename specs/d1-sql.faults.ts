import { edit, faults, sql } from '../harness/setup.ts'

const MAIN = 'migrations/lint/main.ts'

export default faults({
  'D1.1.2': {
    'a migration is written in capitals': edit(
      'migrations/0002_users.up.sql',
      'create table auth.users (',
      'CREATE TABLE auth.users (',
    ),
    'the gate ends well whatever it found': edit(
      MAIN,
      'return findings.length === 0 ? EXIT.clean : EXIT.found',
      'return EXIT.clean',
    ),
    'squawk is not asked': edit(MAIN, '[askSquawk(files), askSqlfluff(files)', '[askSqlfluff(files)'),
    'sqlfluff is not asked': edit(MAIN, 'askSquawk(files), askSqlfluff(files)', 'askSquawk(files)'),
    'neither the grammar nor pgspot is asked': edit(
      MAIN,
      'askSqlfluff(files), askPgspot(files)]',
      'askSqlfluff(files)]',
    ),
    'an exception for one rule is one for all': edit(
      'migrations/lint/exceptions.ts',
      'exception.rule === rule && ',
      '',
    ),
    'seeds are not looked at': edit(MAIN, '{migrations,seeds,backup,docker}/', 'migrations/'),
    'a linter that crashed counts as content': edit(
      'migrations/lint/linters.ts',
      'return shape.parse(JSON.parse(stdout))',
      "return shape.parse(JSON.parse(stdout || '[]'))",
    ),
    'a function reads a column that is not there': sql`create function auth.broken() returns void language plpgsql set search_path = ''
      as $$ begin perform u.shoe_size from auth.users u; end $$`,
  },
})
