-- The roles of the cluster. Roles belong to all databases of a server, so this is not a migration: `apply` runs it first, as the superuser,
-- each time. It changes only what differs, because two databases of one server may be migrated at the same time. database.sql says why
-- nothing of a lesser role may run here.
do $$
declare
    role record;
begin
    for role in
        select * from (values
            -- name                    login    bypasses row security
            ('hma_owner',              false,   false),  -- owns every object; no role inherits its privileges
            ('hma_auth_definer',       false,   false),  -- registration and sessions run as it
            ('hma_audit_writer',       false,   false),  -- audit triggers run as it
            ('hma_analytics_definer',  false,   false),  -- analytics views read as it
            ('hma_ddl_writer',         false,   false),  -- changes of the schema are recorded as it; nobody becomes it
            ('hma_migrator',           true,    false),  -- may become hma_owner
            ('hma_app',                true,    false),  -- the application
            ('analytics_reader',       true,    false),  -- reads schema analytics
            ('hma_ml',                 true,    false),  -- reads the model registry
            ('hma_monitor',            true,    false),  -- reads statistics: scripts and exporters
            ('hma_backup',             true,    true)    -- reads everything: a backup needs all rows
        ) as w (name, logs_in, sees_all)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = role.name) then
            execute format('create role %I', role.name);
        end if;
        if exists (
            select from pg_catalog.pg_roles
             where rolname = role.name
               and (rolcanlogin, rolbypassrls, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication)
                   <> (role.logs_in, role.sees_all, true, false, false, false, false)
        ) then
            execute format(
                'alter role %I %s %s inherit nosuperuser nocreaterole nocreatedb noreplication',
                role.name,
                case when role.logs_in then 'login' else 'nologin' end,
                case when role.sees_all then 'bypassrls' else 'nobypassrls' end
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
    if not pg_catalog.pg_has_role('hma_monitor', 'pg_monitor', 'usage') then
        grant pg_monitor to hma_monitor with inherit true, set false;
    end if;

    for role in
        select * from (values
            ('analytics_reader', 'default_transaction_read_only', 'on'),
            ('analytics_reader', 'statement_timeout',             '30s'),
            ('hma_backup',       'default_transaction_read_only', 'on'),
            ('hma_monitor',      'default_transaction_read_only', 'on'),
            ('hma_monitor',      'statement_timeout',             '10s'),
            ('hma_ml',           'default_transaction_read_only', 'on'),
            ('hma_ml',           'statement_timeout',             '5s'),
            ('hma_app',          'statement_timeout',             '30s'),
            ('hma_app',          'idle_in_transaction_session_timeout', '60s'),
            -- A server that logs statements would otherwise log birth dates with their parameters.
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
