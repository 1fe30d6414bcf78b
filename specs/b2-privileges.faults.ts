import { clusterSql, faults, sql } from '../harness/setup.ts'

const onThisDatabase = (grant: string) =>
  sql`do $$ begin execute format('${grant}', current_database()); end $$`

export default faults([
  {
    criterion: 'B2.2.1',
    breaks: 'the application reads the key of the database',
    plant: sql`grant select on ops.secret to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application writes users past auth.register',
    plant: sql`grant insert (email, password_hash, date_of_birth) on auth.users to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application reads one column more',
    plant: sql`grant select (date_of_birth) on auth.users to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application changes one column more',
    plant: sql`grant update (expires_at) on auth.sessions to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a grant on columns became one on the table',
    plant: sql`grant select on auth.sessions to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application reads one leaf of the audit log',
    plant: sql`do $$ begin execute format('grant select on audit.%I to hma_app', audit.leaf_of(now())); end $$`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application empties a table',
    plant: sql`grant truncate on auth.legal_acceptance to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application refers to users',
    plant: sql`grant references (id) on auth.users to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application puts triggers on users',
    plant: sql`grant trigger on auth.users to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application maintains a table',
    plant: sql`grant maintain on auth.sessions to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application draws numbers of the audit log',
    plant: sql`grant usage on sequence audit.audit_log_id to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application sets the numbers of seals back',
    plant: sql`grant update on sequence audit.audit_seal_number_seq to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application writes audit rows of its own',
    plant: sql`grant execute on function audit.write(text, text, uuid, jsonb) to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application calls a function of PostGIS',
    plant: sql`grant execute on function postgis.postgis_version() to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application uses a type',
    plant: sql`grant usage on type postgis.geometry to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application creates in a schema',
    plant: sql`grant create on schema auth to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application creates schemas',
    plant: onThisDatabase('grant create on database %I to hma_app'),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application makes temporary tables',
    plant: onThisDatabase('grant temporary on database %I to hma_app'),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application runs blocks of code',
    plant: sql`grant usage on language plpgsql to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application owns a table',
    plant: sql`alter table auth.sessions owner to hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application becomes the owner',
    plant: clusterSql(
      'grant hma_owner to hma_app with inherit false, set true',
      'revoke hma_owner from hma_app',
    ),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application inherits from a narrow role',
    plant: clusterSql(
      'grant hma_auth_definer to hma_app with inherit true, set false',
      'revoke hma_auth_definer from hma_app',
    ),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application reads everything',
    plant: clusterSql(
      'grant pg_read_all_data to hma_app with inherit true, set false',
      'revoke pg_read_all_data from hma_app',
    ),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the migrator is the owner without a step',
    plant: clusterSql(
      'grant hma_owner to hma_migrator with inherit true',
      'grant hma_owner to hma_migrator with inherit false',
    ),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the migrator makes others the owner',
    plant: clusterSql(
      'grant hma_owner to hma_migrator with admin true',
      'revoke admin option for hma_owner from hma_migrator',
    ),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application makes roles',
    plant: clusterSql('alter role hma_app createrole', 'alter role hma_app nocreaterole'),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'row security does not bind the application',
    plant: clusterSql('alter role hma_app bypassrls', 'alter role hma_app nobypassrls'),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application passes on what it may read',
    plant: sql`grant select (email) on auth.users to hma_app with grant option`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the reader passes on what it may read',
    plant: sql`grant select on analytics.people_by_age to analytics_reader with grant option`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the reader enters another schema',
    plant: sql`grant usage on schema reference to analytics_reader`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the reader reads a table',
    plant: sql`grant select on reference.legal_documents to analytics_reader`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the reader writes through a view',
    plant: sql`grant insert on analytics.people_by_age to analytics_reader`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the backup login may delete',
    plant: sql`grant delete on auth.users to hma_backup`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the login of the model server reads people',
    plant: sql`grant select (email) on auth.users to hma_ml`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a narrow role reads birth dates',
    plant: sql`grant select (date_of_birth) on auth.users to hma_auth_definer`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'everybody calls a function',
    plant: sql`grant execute on function ops.mark_environment(text) to public`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'everybody reads a table',
    plant: sql`grant select on reference.legal_documents to public`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a role that the matrix does not know reads people',
    plant: sql`grant select on auth.users to pg_monitor`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application cannot delete an account',
    plant: sql`revoke delete on auth.users from hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application cannot end a session',
    plant: sql`revoke execute on function auth.end_session(bytea) from hma_app`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the reader lost a view',
    plant: sql`revoke select on analytics.people_by_age from analytics_reader`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'the application cannot connect',
    plant: onThisDatabase('revoke connect on database %I from hma_app'),
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a table is not in the matrix',
    plant: sql`create table reference.forgotten (id int); alter table reference.forgotten owner to hma_owner`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a function has one argument more than in the matrix',
    plant: sql`create function ops.mark_environment(name text, again boolean) returns void language sql begin atomic end`,
  },
  {
    criterion: 'B2.2.1',
    breaks: 'a table of the matrix is gone',
    plant: sql`drop table audit.audit_removal cascade`,
  },
])
