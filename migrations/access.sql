-- Who may connect to this database: its logins, and nobody else. A dump without --create does not contain it, so `apply` runs this each
-- time, as the superuser. It changes only what differs.
do $$
declare
    login text;
begin
    if exists (
        select from pg_catalog.pg_database d cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
         where d.datname = current_database() and a.grantee = 0
    ) then
        execute format('revoke all on database %I from public', current_database());
    end if;
    foreach login in array array['hma_migrator', 'hma_app', 'analytics_reader', 'hma_ml', 'hma_monitor', 'hma_backup'] loop
        if not has_database_privilege(login, current_database(), 'connect') then
            execute format('grant connect on database %I to %I', current_database(), login);
        end if;
    end loop;
end
$$;
