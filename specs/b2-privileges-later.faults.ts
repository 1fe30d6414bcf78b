import { clusterSql, faults, inFunction, sql } from '../harness/setup.ts'

export default faults({
  'B2.2.2': {
    'the reader can read every new table of the analytics definer in its schema': sql`alter default privileges for role hma_analytics_definer in schema analytics grant select on tables to analytics_reader`,
    'the monitor may read each leaf of the audit log that is made later': inFunction('audit.create_leaf', [
      "'alter table audit.%I owner to hma_owner'",
      "'alter table audit.%1$I owner to hma_owner; grant select on audit.%1$I to hma_monitor'",
    ]),
    'the monitor can read every new table of a schema': sql`alter default privileges for role hma_owner in schema ops grant select on tables to hma_monitor`,
    'the application can read every new table of a schema': sql`alter default privileges for role hma_owner in schema auth grant select on tables to hma_app`,
    'the application can truncate every new leaf of the audit log': sql`alter default privileges for role hma_owner in schema audit grant truncate on tables to hma_app`,
    'the application owns the leaves of the audit log': sql`
      create function ops.open_leaf() returns event_trigger language plpgsql as $$
      declare
          leaf regclass;
      begin
          for leaf in select i.inhrelid from pg_inherits i where i.inhparent = 'audit.audit_log'::regclass loop
              execute format('grant select on %s to hma_app', leaf);
          end loop;
      end $$;
      create event trigger leaves_are_opened on ddl_command_end when tag in ('ALTER TABLE') execute function ops.open_leaf()`,
    'PUBLIC can execute every new function of the owner': sql`alter default privileges for role hma_owner grant execute on functions to public`,
    'PUBLIC can execute every new function of a definer role': sql`alter default privileges for role hma_auth_definer grant execute on functions to public`,
    'PUBLIC can use every new type of the audit writer': sql`alter default privileges for role hma_audit_writer grant usage on types to public`,
    'the reader can use every new sequence of the migrator': sql`alter default privileges for role hma_migrator grant usage on sequences to analytics_reader`,
    'the reader can read every new view of the analytics definer': sql`alter default privileges for role hma_analytics_definer grant select on tables to analytics_reader`,
    'PUBLIC can execute every new function of a definer role that was added later': clusterSql(
      'create role hma_ml_definer; grant hma_ml_definer to hma_owner with inherit false, set true',
      'drop owned by hma_ml_definer cascade; drop role hma_ml_definer',
    ),
    'the application can read every new column of acceptances': sql`grant select on auth.legal_acceptance to hma_app`,
    'the auth definer can read every new column of sessions': sql`grant select on auth.sessions to hma_auth_definer`,
  },
})
