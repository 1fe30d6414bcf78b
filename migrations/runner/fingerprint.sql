-- The catalog as rows (kind, identity, definition), the same in every database that went through the same
-- migrations: no oids, no dates, no statistics. Left out: what belongs to an extension, what is temporary, and
-- partitions, which time creates, not a migration.
with extension_owned as (
    select classid, objid from pg_depend where deptype = 'e'
),
schemas as (
    select n.* from pg_namespace n
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from extension_owned e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid)
),
relations as (
    select c.*, s.nspname, quote_ident(s.nspname) || '.' || quote_ident(c.relname) as full_name
      from pg_class c join schemas s on s.oid = c.relnamespace
     where c.relpersistence <> 't' and not c.relispartition
       and not exists (select from extension_owned e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
),
functions as (
    select p.*, s.nspname, p.oid::regprocedure::text as full_name
      from pg_proc p join schemas s on s.oid = p.pronamespace
     where not exists (select from extension_owned e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
),
types as (
    select t.*, s.nspname, quote_ident(s.nspname) || '.' || quote_ident(t.typname) as full_name
      from pg_type t join schemas s on s.oid = t.typnamespace
     where t.typtype in ('e', 'd', 'r')
       and not exists (select from extension_owned e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
),
objects (kind, identity, definition) as (
    select 'schema', nspname::text,
           concat_ws('|', nspowner::regrole, (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(nspacl, acldefault('n', nspowner))) a), obj_description(oid, 'pg_namespace'))
      from schemas
    union all
    select case relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'S' then 'sequence' else 'relation' end,
           full_name,
           concat_ws('|', relkind, relowner::regrole, relrowsecurity, relforcerowsecurity, array_to_string(reloptions, ','),
                     (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))) a),
                     case when relkind = 'p' then pg_get_partkeydef(oid) end,
                     case when relkind in ('v', 'm') then pg_get_viewdef(oid) end,
                     obj_description(oid, 'pg_class'))
      from relations where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'column', r.full_name || '.' || quote_ident(a.attname),
           concat_ws('|', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
                     (select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) x), col_description(r.oid, a.attnum))
      from relations r
      join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
     where r.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select 'constraint', r.full_name || '.' || quote_ident(c.conname),
           concat_ws('|', pg_get_constraintdef(c.oid), c.convalidated, obj_description(c.oid, 'pg_constraint'))
      from pg_constraint c join relations r on r.oid = c.conrelid where c.conparentid = 0
    union all
    select 'index', r.full_name, concat_ws('|', pg_get_indexdef(r.oid), i.indisvalid, obj_description(r.oid, 'pg_class'))
      from relations r join pg_index i on i.indexrelid = r.oid
    union all
    select 'trigger', r.full_name || '.' || quote_ident(t.tgname),
           concat_ws('|', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))
      from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
    union all
    select 'policy', r.full_name || '.' || quote_ident(p.polname),
           concat_ws('|', p.polcmd, p.polpermissive, (select string_agg(case x when 0 then 'public' else x::regrole::text end, ',' order by x::regrole::text) from unnest(p.polroles) x),
                     pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy'))
      from pg_policy p join relations r on r.oid = p.polrelid
    union all
    select 'function', full_name,
           concat_ws('|', case when prokind in ('f', 'p') then pg_get_functiondef(oid) end, proowner::regrole,
                     (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(proacl, acldefault('f', proowner))) a), obj_description(oid, 'pg_proc'))
      from functions
    union all
    select 'type', full_name,
           concat_ws('|', typtype, typowner::regrole, format_type(typbasetype, typtypmod), typnotnull,
                     (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = types.oid),
                     (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(typacl, acldefault('T', typowner))) a), obj_description(oid, 'pg_type'))
      from types
    union all
    select 'default privilege', concat_ws(' ', d.defaclrole::regrole, n.nspname, d.defaclobjtype),
           (select string_agg(a::text, ',' order by a::text) from unnest(d.defaclacl) a)
      from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
    union all
    select 'extension', extname::text, concat_ws('|', extnamespace::regnamespace, extversion) from pg_extension where extname <> 'plpgsql'
    union all
    select 'event trigger', evtname::text, concat_ws('|', evtevent, evtenabled, evtfoid::regprocedure, array_to_string(evttags, ',')) from pg_event_trigger
    union all
    select 'database', 'current',
           (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(datacl, acldefault('d', datdba))) a where split_part(a::text, '=', 1) <> datdba::regrole::text)
      from pg_database where datname = current_database()
    union all
    select 'role', rolname::text, concat_ws('|', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit)
      from pg_roles where rolname !~ '^pg_' and oid <> 10
    union all
    select 'membership', concat_ws(' in ', member::regrole, roleid::regrole), concat_ws('|', admin_option, inherit_option, set_option)
      from pg_auth_members where roleid::regrole::text !~ '^pg_'
)
select kind, identity, md5(coalesce(definition, '')) as digest from objects
