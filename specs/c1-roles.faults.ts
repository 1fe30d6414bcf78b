import { clusterSql, faults, sql } from '../harness/setup.ts'

const UNGUARDED = `create or replace function ops.refuse_ddl() returns event_trigger language plpgsql as 'begin end'`

const memberOf = (group: string, role: string) =>
  clusterSql(`grant ${group} to ${role}`, `revoke ${group} from ${role}`)

export default faults({
  'C1.0.2': {
    'the schema has no guard': sql`drop event trigger the_owner_changes_the_schema`,
    'the guard is off': sql`alter event trigger the_owner_changes_the_schema disable`,
    'the guard lets everybody pass': sql`${UNGUARDED}`,
    'the application makes roles': clusterSql(
      'alter role hma_app createrole',
      'alter role hma_app nocreaterole',
    ),
    'the application makes databases': clusterSql(
      'alter role hma_app createdb',
      'alter role hma_app nocreatedb',
    ),
    'the application becomes the owner': clusterSql(
      'grant hma_owner to hma_app with inherit false',
      'revoke hma_owner from hma_app',
    ),
    'the application reads files of the server': memberOf('pg_read_server_files', 'hma_app'),
    'the application writes files of the server': memberOf('pg_write_server_files', 'hma_app'),
    'the application runs programs on the server': memberOf('pg_execute_server_program', 'hma_app'),
    'the application forces checkpoints': memberOf('pg_checkpoint', 'hma_app'),
    'the application sees what others are doing': memberOf('pg_read_all_stats', 'hma_app'),
    'the application switches triggers off': clusterSql(
      'grant set on parameter session_replication_role to hma_app',
      'revoke set on parameter session_replication_role from hma_app',
    ),
    'the application changes the settings of the server': clusterSql(
      'grant alter system on parameter work_mem to hma_app',
      'revoke alter system on parameter work_mem from hma_app',
    ),
    'the application reads a file by a function': sql`grant execute on function pg_read_file(text) to hma_app`,
    'the application reads the verifiers of passwords': sql`grant select (rolpassword) on pg_authid to hma_app`,
    'everybody makes large objects': sql`grant execute on function lo_create(oid) to public`,
    'everybody writes into the write-ahead log': sql`grant execute on function pg_logical_emit_message(boolean, text, text, boolean) to public`,
    'everybody runs blocks of code': sql`grant usage on language plpgsql to public`,
    'the application reads hashes of passwords': sql`grant select (password_hash) on auth.users to hma_app`,
    'the application changes audit rows': sql`grant update (details) on audit.audit_log to hma_app`,
  },
  'C1.0.3': {
    'the reader lost a view': sql`revoke select on analytics.sessions_by_day from analytics_reader`,
    'the reader cannot enter analytics': sql`revoke usage on schema analytics from analytics_reader`,
    'the role that counts lost a column': sql`revoke select (date_of_birth) on auth.users from hma_analytics_definer`,
    'a transaction of the reader writes by default': clusterSql(
      'alter role analytics_reader reset default_transaction_read_only',
      'alter role analytics_reader set default_transaction_read_only = on',
    ),
    'the reader reads people': sql`grant usage on schema auth to analytics_reader; grant select on auth.users to analytics_reader`,
    'the reader would read the audit log if it could enter the schema': sql`grant select on audit.audit_log to analytics_reader`,
    'the reader reads reference data': sql`grant select on reference.legal_documents to analytics_reader`,
    'the reader reads everything': memberOf('pg_read_all_data', 'analytics_reader'),
    'the reader writes everything': memberOf('pg_write_all_data', 'analytics_reader'),
    'the reader sees what others are doing': memberOf('pg_read_all_stats', 'analytics_reader'),
    'the reader reads statistics of columns': sql`grant select on pg_statistic to analytics_reader`,
    'the reader learns birth dates from statistics': sql`grant select (date_of_birth) on auth.users to analytics_reader`,
    'the reader marks the environment': sql`grant execute on function ops.mark_environment(text) to analytics_reader`,
    'everybody writes large objects': sql`grant execute on function lo_from_bytea(oid, bytea) to public`,
    'the schema has no guard': sql`drop event trigger the_owner_changes_the_schema`,
  },
})
