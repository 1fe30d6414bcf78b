import { clusterSql, faults, sql } from '../harness/setup.ts'

const UNGUARDED = `create or replace function guard.refuse_ddl() returns event_trigger language plpgsql as 'begin end'`

const LIMIT = "temp_file_limit = '256MB'"

const withoutLimit = (role: string) =>
  clusterSql(`alter role ${role} reset temp_file_limit`, `alter role ${role} set ${LIMIT}`)

const mayRaise = (role: string) =>
  clusterSql(
    `grant set on parameter temp_file_limit to ${role}`,
    `revoke set on parameter temp_file_limit from ${role}`,
  )

const memberOf = (group: string, role: string) =>
  clusterSql(`grant ${group} to ${role}`, `revoke ${group} from ${role}`)

export default faults({
  'C1.0.2': {
    'the application may end the sessions of others, without becoming another role': clusterSql(
      'grant pg_signal_backend to hma_app with inherit true, set false',
      'revoke pg_signal_backend from hma_app',
    ),
    'the reader is an administrator of a role that it neither inherits nor becomes': clusterSql(
      'grant pg_read_all_settings to analytics_reader with inherit false, set false, admin true',
      'revoke pg_read_all_settings from analytics_reader',
    ),
    'a login may take every connection': clusterSql(
      'alter role hma_ml connection limit -1',
      'alter role hma_ml connection limit 10',
    ),
    'the logins together may take every connection': clusterSql(
      'alter role hma_app connection limit 90',
      'alter role hma_app connection limit 50',
    ),
    'PUBLIC may connect to the database postgres': clusterSql(
      'grant connect on database postgres to public',
      'revoke connect on database postgres from public',
    ),
    'the application may connect to template1': clusterSql(
      'grant connect on database template1 to hma_app',
      'revoke connect on database template1 from hma_app',
    ),
    'the monitor may connect to the database postgres': clusterSql(
      'grant connect on database postgres to hma_monitor',
      'revoke connect on database postgres from hma_monitor',
    ),
    'the database template0 accepts connections': clusterSql(
      'alter database template0 allow_connections true',
      'alter database template0 allow_connections false',
    ),
    'a login that nobody knows connects to the database postgres': clusterSql(
      'create role hma_more login; grant connect on database postgres to hma_more',
      'revoke connect on database postgres from hma_more; drop role hma_more',
    ),
    'the application may fill the disk with temporary files': withoutLimit('hma_app'),
    'the login of the models may fill the disk with temporary files': withoutLimit('hma_ml'),
    'the monitor may fill the disk with temporary files': withoutLimit('hma_monitor'),
    'the application may raise its limit of temporary files': mayRaise('hma_app'),
    'the login of the models may raise its limit of temporary files': mayRaise('hma_ml'),
    'the monitor may raise its limit of temporary files': mayRaise('hma_monitor'),
    'a password may have any length': sql`alter table auth.users drop constraint users_have_a_password;
      alter table auth.users add constraint users_have_a_password check (password_hash <> '')`,
    'a password has a least length in place of a greatest': sql`alter table auth.users drop constraint users_have_a_password;
      alter table auth.users add constraint users_have_a_password check (length(password_hash) >= 1)`,
    'a new text of a user has no bound': sql`alter table auth.users add column about text;
      grant update (about) on auth.users to hma_app`,
    'the event trigger that guards the schema is missing': sql`drop event trigger the_owner_changes_the_schema`,
    'the event trigger that guards the schema is disabled': sql`alter event trigger the_owner_changes_the_schema disable`,
    'the guard of the schema does nothing': sql`${UNGUARDED}`,
    'the application can create roles': clusterSql(
      'alter role hma_app createrole',
      'alter role hma_app nocreaterole',
    ),
    'the application can create databases': clusterSql(
      'alter role hma_app createdb',
      'alter role hma_app nocreatedb',
    ),
    'the application can become the owner': clusterSql(
      'grant hma_owner to hma_app with inherit false',
      'revoke hma_owner from hma_app',
    ),
    'the application can read files of the server': memberOf('pg_read_server_files', 'hma_app'),
    'the application can write files of the server': memberOf('pg_write_server_files', 'hma_app'),
    'the application can run programs on the server': memberOf('pg_execute_server_program', 'hma_app'),
    'the application can force checkpoints': memberOf('pg_checkpoint', 'hma_app'),
    'the application sees the statements of other logins': memberOf('pg_read_all_stats', 'hma_app'),
    'the application can disable triggers': clusterSql(
      'grant set on parameter session_replication_role to hma_app',
      'revoke set on parameter session_replication_role from hma_app',
    ),
    'the application can change settings of the server': clusterSql(
      'grant alter system on parameter work_mem to hma_app',
      'revoke alter system on parameter work_mem from hma_app',
    ),
    'the application can read a file by a function': sql`grant execute on function pg_read_file(text) to hma_app`,
    'the application can read password verifiers': sql`grant select (rolpassword) on pg_authid to hma_app`,
    'PUBLIC can create large objects': sql`grant execute on function lo_create(oid) to public`,
    'PUBLIC can write WAL messages': sql`grant execute on function pg_logical_emit_message(boolean, text, text, boolean) to public`,
    'PUBLIC can run DO blocks': sql`grant usage on language plpgsql to public`,
    'the application can read password hashes': sql`grant select (password_hash) on auth.users to hma_app`,
    'the application can change audit rows': sql`grant update (details) on audit.audit_log to hma_app`,
    'it may read all settings': clusterSql(
      'grant pg_read_all_settings to hma_app',
      'revoke pg_read_all_settings from hma_app',
    ),
    'it may become the registry reader': clusterSql(
      'grant hma_ml to hma_app with inherit false, set true',
      'revoke hma_ml from hma_app',
    ),
  },
  'C1.0.3': {
    'the reader may take every connection': clusterSql(
      'alter role analytics_reader connection limit -1',
      'alter role analytics_reader connection limit 5',
    ),
    'the reader may fill the disk with temporary files': withoutLimit('analytics_reader'),
    'the reader may raise its limit of temporary files': mayRaise('analytics_reader'),
    'the reader cannot read a view': sql`revoke select on analytics.sessions_by_day from analytics_reader`,
    'the reader cannot use schema analytics': sql`revoke usage on schema analytics from analytics_reader`,
    'the analytics definer cannot read a column': sql`revoke select (date_of_birth) on auth.users from hma_analytics_definer`,
    'a transaction of the reader is read-write by default': clusterSql(
      'alter role analytics_reader reset default_transaction_read_only',
      'alter role analytics_reader set default_transaction_read_only = on',
    ),
    'the reader can read users': sql`grant usage on schema auth to analytics_reader; grant select on auth.users to analytics_reader`,
    'the reader has SELECT on the audit log without USAGE on its schema': sql`grant select on audit.audit_log to analytics_reader`,
    'the reader can read reference data': sql`grant select on reference.legal_documents to analytics_reader`,
    'the reader can read everything': memberOf('pg_read_all_data', 'analytics_reader'),
    'the reader can write everything': memberOf('pg_write_all_data', 'analytics_reader'),
    'the reader sees the statements of other logins': memberOf('pg_read_all_stats', 'analytics_reader'),
    'the reader can read column statistics': sql`grant select on pg_statistic to analytics_reader`,
    'the reader can see birth dates in statistics': sql`grant select (date_of_birth) on auth.users to analytics_reader`,
    'the reader can mark the environment': sql`grant execute on function ops.mark_environment(text) to analytics_reader`,
    'PUBLIC can write large objects': sql`grant execute on function lo_from_bytea(oid, bytea) to public`,
    'the event trigger that guards the schema is missing': sql`drop event trigger the_owner_changes_the_schema`,
  },
})
