import { faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults({
  'C1.1.1': {
    'the reader reads every new table of analytics': sql`alter default privileges for role hma_owner in schema analytics grant select on tables to analytics_reader`,
    'the login of the model server changes every new table of its schema': sql`alter default privileges for role hma_owner in schema ml grant update on tables to hma_ml`,
    'the application draws numbers of every new sequence': sql`alter default privileges for role hma_owner in schema reference grant usage on sequences to hma_app`,
    'everybody calls every new function': sql`alter default privileges for role hma_owner grant execute on functions to public`,
    'everybody uses every new type': sql`alter default privileges for role hma_owner grant usage on types to public`,
    'a narrow role calls every new function of the audit': sql`alter default privileges for role hma_owner in schema audit grant execute on functions to hma_auth_definer`,
    'what a narrow role would create is the application’s too': sql`alter default privileges for role hma_auth_definer grant select on tables to hma_app`,
  },
  'C1.1.2': {
    'everybody may connect': onThisDatabase('grant connect on database %I to public'),
    'everybody calls one of our functions': sql`grant execute on function auth.current_user_id() to public`,
    'everybody calls a function that only triggers should': sql`grant execute on function ops.stamp_times() to public`,
    'everybody calls a function of PostGIS': sql`grant execute on function postgis.st_area(postgis.geometry) to public`,
    'everybody calls every new function': sql`alter default privileges for role hma_owner grant execute on functions to public`,
    'everybody creates in schema public': sql`grant create on schema public to public`,
    'everybody creates in a schema of ours': sql`grant create on schema ml to public`,
    'everybody creates schemas': onThisDatabase('grant create on database %I to public'),
    'everybody makes temporary tables': onThisDatabase('grant temporary on database %I to public'),
    'everybody makes large objects': sql`grant execute on function lo_creat(integer) to public`,
    'everybody lists files of the server': sql`grant execute on function pg_ls_dir(text) to public`,
  },
})
