import { edit, faults, sql } from '../harness/setup.ts'

const MAIN = 'migrations/lint/main.ts'

export default faults([
  {
    criterion: 'D1.1.2',
    breaks: 'a migration is written in capitals',
    plant: edit('migrations/0002_users.up.sql', 'create table auth.users (', 'CREATE TABLE auth.users ('),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'the gate ends well whatever it found',
    plant: edit(MAIN, 'return findings.length === 0 ? EXIT.clean : EXIT.found', 'return EXIT.clean'),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'squawk is not asked',
    plant: edit(MAIN, '[askSquawk(files), askSqlfluff(files)', '[askSqlfluff(files)'),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'sqlfluff is not asked',
    plant: edit(MAIN, 'askSquawk(files), askSqlfluff(files)', 'askSquawk(files)'),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'neither the grammar nor pgspot is asked',
    plant: edit(MAIN, 'askSqlfluff(files), askPgspot(files)]', 'askSqlfluff(files)]'),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'an exception for one rule is one for all',
    plant: edit('migrations/lint/exceptions.ts', 'exception.rule === rule && ', ''),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'seeds are not looked at',
    plant: edit(MAIN, '{migrations,seeds,backup,docker}/', 'migrations/'),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'a linter that crashed counts as content',
    plant: edit(
      'migrations/lint/linters.ts',
      'return shape.parse(JSON.parse(stdout))',
      "return shape.parse(JSON.parse(stdout || '[]'))",
    ),
  },
  {
    criterion: 'D1.1.2',
    breaks: 'a function reads a column that is not there',
    plant: sql`create function auth.broken() returns void language plpgsql set search_path = ''
      as $$ begin perform u.shoe_size from auth.users u; end $$`,
  },
])
