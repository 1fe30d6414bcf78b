import { clusterSql, faults, sql } from '../harness/setup.ts'

const UNGUARDED = `create or replace function ops.refuse_ddl() returns event_trigger language plpgsql as 'begin end'`

const memberOf = (group: string, role: string) =>
  clusterSql(`grant ${group} to ${role}`, `revoke ${group} from ${role}`)

export default faults([
  {
    criterion: 'C1.0.2',
    breaks: 'the schema has no guard',
    plant: sql`drop event trigger the_owner_changes_the_schema`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the guard is off',
    plant: sql`alter event trigger the_owner_changes_the_schema disable`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the guard lets everybody pass',
    plant: sql`${UNGUARDED}`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application makes roles',
    plant: clusterSql('alter role hma_app createrole', 'alter role hma_app nocreaterole'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application makes databases',
    plant: clusterSql('alter role hma_app createdb', 'alter role hma_app nocreatedb'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application becomes the owner',
    plant: clusterSql('grant hma_owner to hma_app with inherit false', 'revoke hma_owner from hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application reads files of the server',
    plant: memberOf('pg_read_server_files', 'hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application writes files of the server',
    plant: memberOf('pg_write_server_files', 'hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application runs programs on the server',
    plant: memberOf('pg_execute_server_program', 'hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application forces checkpoints',
    plant: memberOf('pg_checkpoint', 'hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application sees what others are doing',
    plant: memberOf('pg_read_all_stats', 'hma_app'),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application switches triggers off',
    plant: clusterSql(
      'grant set on parameter session_replication_role to hma_app',
      'revoke set on parameter session_replication_role from hma_app',
    ),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application changes the settings of the server',
    plant: clusterSql(
      'grant alter system on parameter work_mem to hma_app',
      'revoke alter system on parameter work_mem from hma_app',
    ),
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application reads a file by a function',
    plant: sql`grant execute on function pg_read_file(text) to hma_app`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application reads the verifiers of passwords',
    plant: sql`grant select (rolpassword) on pg_authid to hma_app`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'everybody makes large objects',
    plant: sql`grant execute on function lo_create(oid) to public`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'everybody writes into the write-ahead log',
    plant: sql`grant execute on function pg_logical_emit_message(boolean, text, text, boolean) to public`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'everybody runs blocks of code',
    plant: sql`grant usage on language plpgsql to public`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application reads hashes of passwords',
    plant: sql`grant select (password_hash) on auth.users to hma_app`,
  },
  {
    criterion: 'C1.0.2',
    breaks: 'the application changes audit rows',
    plant: sql`grant update (details) on audit.audit_log to hma_app`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader lost a view',
    plant: sql`revoke select on analytics.sessions_by_day from analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader cannot enter analytics',
    plant: sql`revoke usage on schema analytics from analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the role that counts lost a column',
    plant: sql`revoke select (date_of_birth) on auth.users from hma_analytics_definer`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'a transaction of the reader writes by default',
    plant: clusterSql(
      'alter role analytics_reader reset default_transaction_read_only',
      'alter role analytics_reader set default_transaction_read_only = on',
    ),
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader reads people',
    plant: sql`grant usage on schema auth to analytics_reader; grant select on auth.users to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader would read the audit log if it could enter the schema',
    plant: sql`grant select on audit.audit_log to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader reads reference data',
    plant: sql`grant select on reference.legal_documents to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader reads everything',
    plant: memberOf('pg_read_all_data', 'analytics_reader'),
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader writes everything',
    plant: memberOf('pg_write_all_data', 'analytics_reader'),
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader sees what others are doing',
    plant: memberOf('pg_read_all_stats', 'analytics_reader'),
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader reads statistics of columns',
    plant: sql`grant select on pg_statistic to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader learns birth dates from statistics',
    plant: sql`grant select (date_of_birth) on auth.users to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the reader marks the environment',
    plant: sql`grant execute on function ops.mark_environment(text) to analytics_reader`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'everybody writes large objects',
    plant: sql`grant execute on function lo_from_bytea(oid, bytea) to public`,
  },
  {
    criterion: 'C1.0.3',
    breaks: 'the schema has no guard',
    plant: sql`drop event trigger the_owner_changes_the_schema`,
  },
])
