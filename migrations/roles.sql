-- The roles of the cluster. Roles belong to all databases of a server, so this is not a migration: `apply` runs it first, as the superuser,
-- each time. It changes only what differs, because two databases of one server may be migrated at the same time. database.sql says why
-- nothing of a lesser role may run here.
do $$
declare
    role record;
begin
    for role in
        select * from (values
            -- name                    login    bypasses row security, connections (all together fit into max_connections of the server)
            ('hma_owner',              false,   false,  -1),  -- owns every object; no role inherits its privileges
            ('hma_auth_definer',       false,   false,  -1),  -- registration and sessions run as it
            ('hma_audit_writer',       false,   false,  -1),  -- audit triggers run as it
            ('hma_analytics_definer',  false,   false,  -1),  -- analytics views read as it
            ('hma_ddl_writer',         false,   false,  -1),  -- changes of the schema are recorded as it; nobody becomes it
            ('hma_migrator',           true,    false,  20),  -- may become hma_owner
            ('hma_app',                true,    false,  50),  -- the application
            ('analytics_reader',       true,    false,   5),  -- reads schema analytics
            ('hma_ml',                 true,    false,  10),  -- reads the model registry
            ('hma_monitor',            true,    false,   5),  -- reads statistics: scripts and exporters
            ('hma_backup',             true,    true,    5)    -- reads everything: a backup needs all rows
        ) as w (name, logs_in, sees_all, connections)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = role.name) then
            execute format('create role %I', role.name);
        end if;
        if exists (
            select from pg_catalog.pg_roles
             where rolname = role.name
               and (rolcanlogin, rolbypassrls, rolconnlimit, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication)
                   <> (role.logs_in, role.sees_all, role.connections, true, false, false, false, false)
        ) then
            execute format(
                'alter role %I %s %s connection limit %s inherit nosuperuser nocreaterole nocreatedb noreplication',
                role.name,
                case when role.logs_in then 'login' else 'nologin' end,
                case when role.sees_all then 'bypassrls' else 'nobypassrls' end,
                role.connections
            );
        end if;
    end loop;

    -- The owner creates the functions and views of the definer roles and then changes their ownership.
    for role in select unnest(array['hma_auth_definer', 'hma_audit_writer', 'hma_analytics_definer']) as name loop
        if not pg_catalog.pg_has_role('hma_owner', role.name, 'set') then
            execute format('grant %I to hma_owner with inherit false, set true', role.name);
        end if;
    end loop;
    -- The migrator becomes the owner only with SET ROLE; it does not inherit the owner's privileges.
    if not pg_catalog.pg_has_role('hma_migrator', 'hma_owner', 'set') then
        grant hma_owner to hma_migrator with inherit false, set true;
    end if;
    if not pg_catalog.pg_has_role('hma_backup', 'pg_read_all_data', 'usage') then
        grant pg_read_all_data to hma_backup;
    end if;
    -- A base backup of the archive asks where the data are.
    if not pg_catalog.pg_has_role('hma_backup', 'pg_read_all_settings', 'usage') then
        grant pg_read_all_settings to hma_backup with inherit true, set false;
    end if;
    if not pg_catalog.pg_has_role('hma_monitor', 'pg_monitor', 'usage') then
        grant pg_monitor to hma_monitor with inherit true, set false;
    end if;

    -- Holds the session that identifies a transaction, out of the application's reach; 0007 says why in this setting.
    if not pg_catalog.has_parameter_privilege('hma_auth_definer', 'backtrace_functions', 'set') then
        grant set on parameter backtrace_functions to hma_auth_definer;
    end if;

    for role in
        select * from (values
            ('analytics_reader', 'default_transaction_read_only', 'on'),
            ('analytics_reader', 'statement_timeout',             '30s'),
            -- Of each connection. Every login may change the timeout, and work_mem; this limit and that of its connections it may not.
            -- hma_backup and hma_migrator have none: a backup and the build of an index need what the tables need.
            ('analytics_reader', 'temp_file_limit',               '256MB'),
            ('hma_app',          'temp_file_limit',               '256MB'),
            ('hma_ml',           'temp_file_limit',               '256MB'),
            ('hma_monitor',      'temp_file_limit',               '256MB'),
            ('hma_backup',       'default_transaction_read_only', 'on'),
            ('hma_monitor',      'default_transaction_read_only', 'on'),
            ('hma_monitor',      'statement_timeout',             '10s'),
            ('hma_monitor',      'search_path',                   'statistics'), -- where exporters look for pg_stat_statements
            ('hma_ml',           'default_transaction_read_only', 'on'),
            ('hma_ml',           'statement_timeout',             '5s'),
            ('hma_app',          'statement_timeout',             '30s'),
            ('hma_app',          'idle_in_transaction_session_timeout', '60s'),
            -- A server that logs statements would otherwise log birth dates with their parameters, and an error the row that was refused or
            -- the text of the statement. The application gets all of the error.
            ('hma_app',          'log_error_verbosity',               'terse'),
            ('hma_app',          'log_min_error_statement',           'panic'),
            ('hma_app',          'log_parameter_max_length',          '0'),
            ('hma_app',          'log_parameter_max_length_on_error', '0')
        ) as w (name, setting, value)
    loop
        if not exists (
            select from pg_catalog.pg_db_role_setting s
             where s.setrole = role.name::regrole and s.setdatabase = 0
               and s.setconfig @> array[role.setting || '=' || role.value]
        ) then
            execute format('alter role %I set %I = %L', role.name, role.setting, role.value);
        end if;
    end loop;
end
$$;

-- PUBLIC may connect to the databases that initdb makes, and what a login leaves in template1 is in every database made later.
do $$
declare
    other name;
begin
    for other in
        select d.datname from pg_catalog.pg_database d
         where d.datname in ('postgres', 'template1') and exists (
               select from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                where a.grantee = 0 and a.privilege_type in ('CONNECT', 'TEMPORARY'))
    loop
        execute format('revoke all on database %I from public', other);
    end loop;
end
$$;
