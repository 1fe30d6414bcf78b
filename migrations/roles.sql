-- The roles of the cluster. Not a migration: roles belong to every database of a server, so this is an idempotent
-- prelude that `apply` runs first, as a superuser. It alters nothing that is already as wished, because two databases
-- of one server may be migrated side by side.
do $$
declare
    wish record;
begin
    for wish in
        select * from (values
            -- name                    logs in  sees all rows
            ('hma_owner',              false,   false),  -- owns every object; nobody inherits from it
            ('hma_auth_definer',       false,   false),  -- registration and sessions run as it
            ('hma_audit_writer',       false,   false),  -- audit triggers run as it
            ('hma_analytics_definer',  false,   false),  -- analytics views read as it
            ('hma_migrator',           true,    false),  -- may become hma_owner
            ('hma_app',                true,    false),  -- the application
            ('analytics_reader',       true,    false),  -- reads schema analytics
            ('hma_ml',                 true,    false),  -- reads the model registry
            ('hma_backup',             true,    true)    -- reads everything: a filtered backup is no backup
        ) as w (name, logs_in, sees_all)
    loop
        if not exists (select from pg_catalog.pg_roles where rolname = wish.name) then
            execute format('create role %I', wish.name);
        end if;
        if exists (
            select from pg_catalog.pg_roles
             where rolname = wish.name
               and (rolcanlogin, rolbypassrls, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication)
                   <> (wish.logs_in, wish.sees_all, true, false, false, false, false)
        ) then
            execute format(
                'alter role %I %s %s inherit nosuperuser nocreaterole nocreatedb noreplication',
                wish.name,
                case when wish.logs_in then 'login' else 'nologin' end,
                case when wish.sees_all then 'bypassrls' else 'nobypassrls' end
            );
        end if;
    end loop;

    -- The owner makes the functions and views of the narrow roles and hands them over.
    for wish in select unnest(array['hma_auth_definer', 'hma_audit_writer', 'hma_analytics_definer']) as name loop
        if not pg_catalog.pg_has_role('hma_owner', wish.name, 'set') then
            execute format('grant %I to hma_owner with inherit false, set true', wish.name);
        end if;
    end loop;
    -- Becoming the owner is a step that is taken on purpose, never inherited.
    if not pg_catalog.pg_has_role('hma_migrator', 'hma_owner', 'set') then
        grant hma_owner to hma_migrator with inherit false, set true;
    end if;
    if not pg_catalog.pg_has_role('hma_backup', 'pg_read_all_data', 'usage') then
        grant pg_read_all_data to hma_backup;
    end if;

    for wish in
        select * from (values
            ('analytics_reader', 'default_transaction_read_only', 'on'),
            ('analytics_reader', 'statement_timeout',             '30s'),
            ('hma_backup',       'default_transaction_read_only', 'on'),
            ('hma_ml',           'default_transaction_read_only', 'on'),
            ('hma_ml',           'statement_timeout',             '5s'),
            ('hma_app',          'statement_timeout',             '30s'),
            ('hma_app',          'idle_in_transaction_session_timeout', '60s'),
            -- A server that logs slow or all statements would log birth dates with them.
            ('hma_app',          'log_parameter_max_length',          '0'),
            ('hma_app',          'log_parameter_max_length_on_error', '0')
        ) as w (name, setting, value)
    loop
        if not exists (
            select from pg_catalog.pg_db_role_setting s
             where s.setrole = wish.name::regrole and s.setdatabase = 0
               and s.setconfig @> array[wish.setting || '=' || wish.value]
        ) then
            execute format('alter role %I set %I = %L', wish.name, wish.setting, wish.value);
        end if;
    end loop;
end
$$;
