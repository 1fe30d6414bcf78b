import { clusterSql, faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults({
  'B2.2.1': {
    'the application can read the secret of the database': sql`grant select on ops.secret to hma_app`,
    'the application can insert users without auth.register': sql`grant insert (email, password_hash, date_of_birth) on auth.users to hma_app`,
    'the application can read one more column': sql`grant select (date_of_birth) on auth.users to hma_app`,
    'the application can change one more column': sql`grant update (expires_at) on auth.sessions to hma_app`,
    'a grant on columns is widened to the table': sql`grant select on auth.sessions to hma_app`,
    'the application can read one leaf of the audit log': sql`do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(now())); end $$`,
    'the application can truncate a table': sql`grant truncate on auth.legal_acceptance to hma_app`,
    'the application can reference users': sql`grant references (id) on auth.users to hma_app`,
    'the application can create triggers on users': sql`grant trigger on auth.users to hma_app`,
    'the application can maintain a table': sql`grant maintain on auth.sessions to hma_app`,
    'the application can use the sequence of the audit log': sql`grant usage on sequence audit.audit_log_id to hma_app`,
    'the application can reset the sequence of the seals': sql`grant update on sequence audit.audit_seal_number_seq to hma_app`,
    'the application can write audit rows': sql`grant execute on function audit.write(text, text, uuid, jsonb) to hma_app`,
    'the application can execute a function of PostGIS': sql`grant execute on function postgis.postgis_version() to hma_app`,
    'the application can use a type of PostGIS': sql`grant usage on type postgis.geometry to hma_app`,
    'the application can create objects in a schema': sql`grant create on schema auth to hma_app`,
    'the application can create schemas': onThisDatabase('grant create on database %I to hma_app'),
    'the application can create temporary tables': onThisDatabase(
      'grant temporary on database %I to hma_app',
    ),
    'the application can run DO blocks': sql`grant usage on language plpgsql to hma_app`,
    'the application owns a table': sql`alter table auth.sessions owner to hma_app`,
    'the application can become the owner': clusterSql(
      'grant hma_owner to hma_app with inherit false, set true',
      'revoke hma_owner from hma_app',
    ),
    'the application inherits from a definer role': clusterSql(
      'grant hma_auth_definer to hma_app with inherit true, set false',
      'revoke hma_auth_definer from hma_app',
    ),
    'the application can read everything': clusterSql(
      'grant pg_read_all_data to hma_app with inherit true, set false',
      'revoke pg_read_all_data from hma_app',
    ),
    'the migrator inherits from the owner': clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
    'the migrator can make others the owner': clusterSql(
      'grant hma_owner to hma_migrator with admin true',
      'revoke admin option for hma_owner from hma_migrator',
    ),
    'the application can create roles': clusterSql(
      'alter role hma_app createrole',
      'alter role hma_app nocreaterole',
    ),
    'row security does not bind the application': clusterSql(
      'alter role hma_app bypassrls',
      'alter role hma_app nobypassrls',
    ),
    'the application can grant its privilege to others': sql`grant select (email) on auth.users to hma_app with grant option`,
    'the reader can grant its privilege to others': sql`grant select on analytics.people_by_age to analytics_reader with grant option`,
    'the reader can use another schema': sql`grant usage on schema reference to analytics_reader`,
    'the reader can read a table': sql`grant select on reference.legal_documents to analytics_reader`,
    'the reader can write through a view': sql`grant insert on analytics.people_by_age to analytics_reader`,
    'the backup login can delete': sql`grant delete on auth.users to hma_backup`,
    'the ML login can read users': sql`grant select (email) on auth.users to hma_ml`,
    'a definer role can read birth dates': sql`grant select (date_of_birth) on auth.users to hma_auth_definer`,
    'PUBLIC can execute a function': sql`grant execute on function ops.mark_environment(text) to public`,
    'PUBLIC can read a table': sql`grant select on reference.legal_documents to public`,
    'a role that is not in the matrix can read users': sql`grant select on auth.users to pg_monitor`,
    'the application cannot delete an account': sql`revoke delete on auth.users from hma_app`,
    'the application can read a large object': sql`select lo_create(4711); grant select on large object 4711 to hma_app`,
    'the reader can use a foreign server': sql`create foreign data wrapper elsewhere; create server elsewhere foreign data wrapper elsewhere;
      grant usage on foreign server elsewhere to analytics_reader`,
    'the application can use a foreign data wrapper': sql`create foreign data wrapper elsewhere; grant usage on foreign data wrapper elsewhere to hma_app`,
    'the application cannot end a session': sql`revoke execute on function auth.end_session(bytea) from hma_app`,
    'the reader cannot read a view': sql`revoke select on analytics.people_by_age from analytics_reader`,
    'the application cannot connect': onThisDatabase('revoke connect on database %I from hma_app'),
    'a table is not in the matrix': sql`create table reference.forgotten (id int); alter table reference.forgotten owner to hma_owner`,
    'a function has one more argument than in the matrix': sql`create function ops.mark_environment(name text, again boolean) returns void language sql begin atomic end`,
    'a table of the matrix is missing': sql`drop table audit.audit_removal cascade`,
    'the monitor becomes a role that is not in the matrix and reads everything': clusterSql(
      'create role hma_readers; grant pg_read_all_data to hma_readers with inherit true, set false; grant hma_readers to hma_monitor with inherit false, set true',
      'drop role hma_readers',
    ),
    'a login is not in the matrix': clusterSql('create role hma_reports login', 'drop role hma_reports'),
    'the application calls a trigger function': sql`grant execute on function ops.stamp_times() to hma_app`,
    'the reader uses a type': sql`grant usage on type ml.stage to analytics_reader`,
    'the reader calls a function of PostGIS': sql`grant usage on schema postgis to analytics_reader; grant execute on function postgis.postgis_version() to analytics_reader`,
    'the application reads the ledger': sql`grant usage on schema ops to hma_app; grant select on all tables in schema ops to hma_app`,
  },
})
