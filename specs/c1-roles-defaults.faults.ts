import { faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults({
  'C1.1.1': {
    'the reader can read every new table of analytics': sql`alter default privileges for role hma_owner in schema analytics grant select on tables to analytics_reader`,
    'the ML login can change every new table of its schema': sql`alter default privileges for role hma_owner in schema ml grant update on tables to hma_ml`,
    'the application can use every new sequence': sql`alter default privileges for role hma_owner in schema reference grant usage on sequences to hma_app`,
    'PUBLIC can execute every new function': sql`alter default privileges for role hma_owner grant execute on functions to public`,
    'PUBLIC can use every new type': sql`alter default privileges for role hma_owner grant usage on types to public`,
    'a definer role can execute every new function of the audit': sql`alter default privileges for role hma_owner in schema audit grant execute on functions to hma_auth_definer`,
    'the application can read what a definer role creates': sql`alter default privileges for role hma_auth_definer grant select on tables to hma_app`,
  },
  'C1.1.2': {
    'PUBLIC can connect': onThisDatabase('grant connect on database %I to public'),
    'PUBLIC can execute one of our functions': sql`grant execute on function auth.current_user_id() to public`,
    'PUBLIC can execute a trigger function': sql`grant execute on function ops.stamp_times() to public`,
    'PUBLIC can execute a function of PostGIS': sql`grant execute on function postgis.st_area(postgis.geometry) to public`,
    'PUBLIC can execute every new function': sql`alter default privileges for role hma_owner grant execute on functions to public`,
    'PUBLIC can create in schema public': sql`grant create on schema public to public`,
    'PUBLIC can create in one of our schemas': sql`grant create on schema ml to public`,
    'PUBLIC can create schemas': onThisDatabase('grant create on database %I to public'),
    'PUBLIC can create temporary tables': onThisDatabase('grant temporary on database %I to public'),
    'PUBLIC can create large objects': sql`grant execute on function lo_creat(integer) to public`,
    'PUBLIC can read a large object': sql`select lo_create(4711); grant select on large object 4711 to public`,
    'PUBLIC can use a foreign data wrapper': sql`create foreign data wrapper elsewhere; grant usage on foreign data wrapper elsewhere to public`,
    'PUBLIC can list files of the server': sql`grant execute on function pg_ls_dir(text) to public`,
    'a new function in guard': sql`create function guard.more() returns int language sql return 1`,
    'PUBLIC may create in postgis': sql`grant create on schema postgis to public`,
    'PUBLIC may use a language': sql`grant usage on language plpgsql to public`,
  },
})
