import { clusterSql, faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults({
  'B2.2.1': {
    'the application reads the key of the database': sql`grant select on ops.secret to hma_app`,
    'the application writes users past auth.register': sql`grant insert (email, password_hash, date_of_birth) on auth.users to hma_app`,
    'the application reads one column more': sql`grant select (date_of_birth) on auth.users to hma_app`,
    'the application changes one column more': sql`grant update (expires_at) on auth.sessions to hma_app`,
    'a grant on columns became one on the table': sql`grant select on auth.sessions to hma_app`,
    'the application reads one leaf of the audit log': sql`do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(now())); end $$`,
    'the application empties a table': sql`grant truncate on auth.legal_acceptance to hma_app`,
    'the application refers to users': sql`grant references (id) on auth.users to hma_app`,
    'the application puts triggers on users': sql`grant trigger on auth.users to hma_app`,
    'the application maintains a table': sql`grant maintain on auth.sessions to hma_app`,
    'the application draws numbers of the audit log': sql`grant usage on sequence audit.audit_log_id to hma_app`,
    'the application sets the numbers of seals back': sql`grant update on sequence audit.audit_seal_number_seq to hma_app`,
    'the application writes audit rows of its own': sql`grant execute on function audit.write(text, text, uuid, jsonb) to hma_app`,
    'the application calls a function of PostGIS': sql`grant execute on function postgis.postgis_version() to hma_app`,
    'the application uses a type': sql`grant usage on type postgis.geometry to hma_app`,
    'the application creates in a schema': sql`grant create on schema auth to hma_app`,
    'the application creates schemas': onThisDatabase('grant create on database %I to hma_app'),
    'the application makes temporary tables': onThisDatabase('grant temporary on database %I to hma_app'),
    'the application runs blocks of code': sql`grant usage on language plpgsql to hma_app`,
    'the application owns a table': sql`alter table auth.sessions owner to hma_app`,
    'the application becomes the owner': clusterSql(
      'grant hma_owner to hma_app with inherit false, set true',
      'revoke hma_owner from hma_app',
    ),
    'the application inherits from a narrow role': clusterSql(
      'grant hma_auth_definer to hma_app with inherit true, set false',
      'revoke hma_auth_definer from hma_app',
    ),
    'the application reads everything': clusterSql(
      'grant pg_read_all_data to hma_app with inherit true, set false',
      'revoke pg_read_all_data from hma_app',
    ),
    'the migrator is the owner without a step': clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
    'the migrator makes others the owner': clusterSql(
      'grant hma_owner to hma_migrator with admin true',
      'revoke admin option for hma_owner from hma_migrator',
    ),
    'the application makes roles': clusterSql(
      'alter role hma_app createrole',
      'alter role hma_app nocreaterole',
    ),
    'row security does not bind the application': clusterSql(
      'alter role hma_app bypassrls',
      'alter role hma_app nobypassrls',
    ),
    'the application passes on what it may read': sql`grant select (email) on auth.users to hma_app with grant option`,
    'the reader passes on what it may read': sql`grant select on analytics.people_by_age to analytics_reader with grant option`,
    'the reader enters another schema': sql`grant usage on schema reference to analytics_reader`,
    'the reader reads a table': sql`grant select on reference.legal_documents to analytics_reader`,
    'the reader writes through a view': sql`grant insert on analytics.people_by_age to analytics_reader`,
    'the backup login may delete': sql`grant delete on auth.users to hma_backup`,
    'the login of the model server reads people': sql`grant select (email) on auth.users to hma_ml`,
    'a narrow role reads birth dates': sql`grant select (date_of_birth) on auth.users to hma_auth_definer`,
    'everybody calls a function': sql`grant execute on function ops.mark_environment(text) to public`,
    'everybody reads a table': sql`grant select on reference.legal_documents to public`,
    'a role that the matrix does not know reads people': sql`grant select on auth.users to pg_monitor`,
    'the application cannot delete an account': sql`revoke delete on auth.users from hma_app`,
    'the application cannot end a session': sql`revoke execute on function auth.end_session(bytea) from hma_app`,
    'the reader lost a view': sql`revoke select on analytics.people_by_age from analytics_reader`,
    'the application cannot connect': onThisDatabase('revoke connect on database %I from hma_app'),
    'a table is not in the matrix': sql`create table reference.forgotten (id int); alter table reference.forgotten owner to hma_owner`,
    'a function has one argument more than in the matrix': sql`create function ops.mark_environment(name text, again boolean) returns void language sql begin atomic end`,
    'a table of the matrix is gone': sql`drop table audit.audit_removal cascade`,
  },
})
