-- What an injected statement can change beyond its database, as one hash: roles and the configuration of the server.
with facts as (
    select concat_ws('|', 'setting', setdatabase, setrole, setconfig) as fact from pg_db_role_setting where setdatabase = 0
    union all select concat_ws('|', 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls, rolconfig) from pg_roles
    union all select concat_ws('|', 'membership', roleid, member, admin_option, inherit_option, set_option) from pg_auth_members
    union all select concat_ws('|', 'configured', name, setting, sourcefile, sourceline) from pg_file_settings
)
select md5(string_agg(fact, e'\n' order by fact)) as hash from facts
