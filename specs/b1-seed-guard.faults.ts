import { edit, edits, faults, sql } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const MARKED = `where name in ('development', 'test')`

export default faults([
  {
    criterion: 'B1.4.3',
    breaks: 'the loader does not look at the mark',
    plant: edit('seeds/load.ts', `if (seeds.includes('people')) await`, 'if (seeds.length > 2) await'),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the loader takes production for a place of test users',
    plant: edit('seeds/load.ts', `['development', 'test']`, `['development', 'test', 'production']`),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the loader loads what it may before it refuses the rest',
    plant: edit('seeds/load.ts', `if (seeds.includes('people')) await`, `if (seeds[0] === 'people') await`),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the loader knows no place for test users',
    plant: edit('seeds/load.ts', `['development', 'test']`, `['development']`),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'reference data stay out of production, too',
    plant: edit('seeds/load.ts', `if (seeds.includes('people')) await`, 'await'),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the file has no guard',
    plant: people(MARKED, 'where true or name is null'),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the file takes a database that nobody marked',
    plant: people(
      `if not exists (select from ops.environment ${MARKED})`,
      `if exists (select from ops.environment where name = 'production')`,
    ),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the guard guards its own statement alone',
    plant: people('\nbegin;\n-- A', '\n-- A'),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'both guards are gone',
    plant: edits(
      {
        file: 'seeds/load.ts',
        find: `if (seeds.includes('people')) await`,
        replace: 'if (seeds.length > 2) await',
      },
      { file: 'seeds/people.sql', find: MARKED, replace: 'where true' },
    ),
  },
  {
    criterion: 'B1.4.3',
    breaks: 'production can become something else',
    plant: sql`drop trigger production_stays_production on ops.environment`,
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the mark of production can be deleted',
    plant: sql`drop trigger production_stays_production on ops.environment;
      create trigger production_stays_production before update on ops.environment
        for each row when (old.name = 'production') execute function ops.refuse_change()`,
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the mark of production can be emptied away',
    plant: sql`drop trigger production_stays_production_as_a_whole on ops.environment`,
  },
  {
    criterion: 'B1.4.3',
    breaks: 'a database with test users can become production',
    plant: sql`drop trigger production_starts_as_production on ops.environment`,
  },
  {
    criterion: 'B1.4.3',
    breaks: 'a database can be marked as anything',
    plant: sql`alter table ops.environment drop constraint environments_are_known`,
  },
  {
    criterion: 'B1.4.3',
    breaks: 'the same mark again is a change',
    plant: sql`create or replace function ops.mark_environment(name text) returns void language sql set search_path = ''
      begin atomic
        insert into ops.environment (name) values (mark_environment.name)
        on conflict (only_row) do update set name = excluded.name, marked_at = clock_timestamp();
      end`,
  },
])
