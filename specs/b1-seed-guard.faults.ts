import { edit, edits, faults, inFunction, sql } from '../harness/setup.ts'

const people = (find: string, replace: string) => edit('seeds/people.sql', find, replace)
const MARKED = `where name in ('development', 'test')`

export default faults({
  'B1.4.3': {
    'the loader does not check the environment': edit(
      'seeds/load.ts',
      `if (seeds.some(isTestData)) await`,
      'if (seeds.length > 2) await',
    ),
    'the loader accepts test users in production': edit(
      'seeds/load.ts',
      `['development', 'test']`,
      `['development', 'test', 'production']`,
    ),
    'the loader loads reference data before it refuses people': edit(
      'seeds/load.ts',
      `if (seeds.some(isTestData)) await`,
      `if (seeds[0] === 'people') await`,
    ),
    'the loader refuses test users in a test database': edit(
      'seeds/load.ts',
      `['development', 'test']`,
      `['development']`,
    ),
    'the loader refuses reference data in production': edit(
      'seeds/load.ts',
      `if (seeds.some(isTestData)) await`,
      'await',
    ),
    'the seed file has no guard': people(MARKED, 'where true or name is null'),
    'the seed file accepts a database without a mark': people(
      `if not exists (select from ops.environment ${MARKED})`,
      `if exists (select from ops.environment where name = 'production')`,
    ),
    'the guard stops its own statement only': people('\nbegin;\n-- With', '\n-- With'),
    'both guards are gone': edits(
      {
        file: 'seeds/load.ts',
        find: `if (seeds.some(isTestData)) await`,
        replace: 'if (seeds.length > 2) await',
      },
      { file: 'seeds/people.sql', find: MARKED, replace: 'where true' },
    ),
    'production can become something else': sql`drop trigger production_stays_production on ops.environment`,
    'the mark of production can be deleted': sql`drop trigger production_stays_production on ops.environment;
      create trigger production_stays_production before update on ops.environment
        for each row when (old.name = 'production') execute function ops.refuse_change()`,
    'the mark of production can be truncated': sql`drop trigger production_stays_production_as_a_whole on ops.environment`,
    'a database with test users can become production': sql`drop trigger production_starts_as_production on ops.environment`,
    'a mark other than production can be deleted': sql`drop trigger the_environment_is_kept on ops.environment`,
    'only the mark of production is kept': sql`drop trigger the_environment_is_kept on ops.environment;
      create trigger the_environment_is_kept before delete on ops.environment
        for each row when (old.name = 'production') execute function ops.refuse_change()`,
    'an unmarked database with test users can become production': sql`drop trigger production_has_no_test_users on ops.environment`,
    'only users whom the owner sees are test users': sql`alter function ops.refuse_test_users() owner to hma_owner;
      alter table auth.users enable row level security, force row level security`,
    'every user counts as a test user': inFunction('ops.refuse_test_users', [
      `where u.email ~* '[.@]example$'`,
      '',
    ]),
    'a database can be marked as anything': sql`alter table ops.environment drop constraint environments_are_known`,
    'marking with the same environment is an update': sql`create or replace function ops.mark_environment(name text) returns void language sql set search_path = ''
      begin atomic
        insert into ops.environment (name) values (mark_environment.name)
        on conflict (only_row) do update set name = excluded.name, marked_at = clock_timestamp();
      end`,
  },
})
