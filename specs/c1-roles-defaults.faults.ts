import { faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults([
  {
    criterion: 'C1.1.1',
    breaks: 'the reader reads every new table of analytics',
    plant: sql`alter default privileges for role hma_owner in schema analytics grant select on tables to analytics_reader`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'the login of the model server changes every new table of its schema',
    plant: sql`alter default privileges for role hma_owner in schema ml grant update on tables to hma_ml`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'the application draws numbers of every new sequence',
    plant: sql`alter default privileges for role hma_owner in schema reference grant usage on sequences to hma_app`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'everybody calls every new function',
    plant: sql`alter default privileges for role hma_owner grant execute on functions to public`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'everybody uses every new type',
    plant: sql`alter default privileges for role hma_owner grant usage on types to public`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'a narrow role calls every new function of the audit',
    plant: sql`alter default privileges for role hma_owner in schema audit grant execute on functions to hma_auth_definer`,
  },
  {
    criterion: 'C1.1.1',
    breaks: 'what a narrow role would create is the application’s too',
    plant: sql`alter default privileges for role hma_auth_definer grant select on tables to hma_app`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody may connect',
    plant: onThisDatabase('grant connect on database %I to public'),
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody calls one of our functions',
    plant: sql`grant execute on function auth.current_user_id() to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody calls a function that only triggers should',
    plant: sql`grant execute on function ops.stamp_times() to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody calls a function of PostGIS',
    plant: sql`grant execute on function postgis.st_area(postgis.geometry) to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody calls every new function',
    plant: sql`alter default privileges for role hma_owner grant execute on functions to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody creates in schema public',
    plant: sql`grant create on schema public to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody creates in a schema of ours',
    plant: sql`grant create on schema ml to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody creates schemas',
    plant: onThisDatabase('grant create on database %I to public'),
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody makes temporary tables',
    plant: onThisDatabase('grant temporary on database %I to public'),
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody makes large objects',
    plant: sql`grant execute on function lo_creat(integer) to public`,
  },
  {
    criterion: 'C1.1.2',
    breaks: 'everybody lists files of the server',
    plant: sql`grant execute on function pg_ls_dir(text) to public`,
  },
])
