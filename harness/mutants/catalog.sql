-- Every object of the database that a rule, a privilege or a result depends on, with its definition as Postgres prints it. `owner_object`
-- is the table that it belongs to, or itself. Objects of extensions and of Postgres are left out, and what a partition
-- inherits from its parent.
with spaces as (
    select n.oid, n.nspname from pg_namespace n
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = n.oid and d.deptype = 'e')
), relations as (
    select c.*, format('%I.%I', s.nspname, c.relname) as name from pg_class c join spaces s on s.oid = c.relnamespace
     where not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
), tables as (
    select * from relations where relkind in ('r', 'p')
), functions as (
    select p.*, format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name,
           format('%I.%I(%s)', s.nspname, p.proname, oidvectortypes(p.proargtypes)) as signature
      from pg_proc p join spaces s on s.oid = p.pronamespace
     where not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')
), acls as (
    select 'table ' || name as owner_object, 'table ' || name as object, relacl as acl, relowner as owner from relations where relkind in ('r', 'p', 'v', 'm')
    union all select 'sequence ' || name, 'sequence ' || name, relacl, relowner from relations where relkind = 'S'
    union all select 'table ' || r.name, format('table %s (%I)', r.name, a.attname), a.attacl, r.relowner
                from relations r join pg_attribute a on a.attrelid = r.oid where a.attnum > 0 and not a.attisdropped
    union all select 'function ' || signature, 'function ' || signature, proacl, proowner from functions
    union all select 'schema ' || quote_ident(n.nspname), 'schema ' || quote_ident(n.nspname), n.nspacl, n.nspowner from pg_namespace n join spaces s on s.oid = n.oid
    union all select 'type ' || format_type(t.oid, null), 'type ' || format_type(t.oid, null), t.typacl, t.typowner from pg_type t join spaces s on s.oid = t.typnamespace where t.typtype = 'e'
    union all select 'language ' || lanname, 'language ' || lanname, lanacl, lanowner from pg_language where lanpltrusted and lanname <> 'internal'
)
select 'constraint' as kind, format('%s on %s', quote_ident(k.conname), t.name) as name, 'table ' || t.name as owner_object,
       pg_get_constraintdef(k.oid) as definition,
       jsonb_build_object('table', t.name, 'constraint', quote_ident(k.conname), 'type', k.contype) as facts
  from pg_constraint k join tables t on t.oid = k.conrelid where k.contype in ('c', 'p', 'u', 'f') and k.conislocal
union all
select 'index', i.name, 'table ' || t.name, pg_get_indexdef(i.oid), jsonb_build_object('index', i.name, 'unique', x.indisunique)
  from pg_index x join relations i on i.oid = x.indexrelid join tables t on t.oid = x.indrelid
 where not i.relispartition and not exists (select from pg_constraint k where k.conindid = i.oid)
union all
select 'trigger', format('%I on %s', g.tgname, t.name), 'table ' || t.name, pg_get_triggerdef(g.oid) || ' -- ' || g.tgenabled::text,
       jsonb_build_object(
           'table', t.name, 'trigger', quote_ident(g.tgname), 'enabled', g.tgenabled, 'ddl', pg_get_triggerdef(g.oid),
           'leaves', (select coalesce(jsonb_agg(l.name order by l.name), '[]') from pg_inherits h join relations l on l.oid = h.inhrelid where h.inhparent = t.oid),
           'row', g.tgtype & 1 = 1
       )
  from pg_trigger g join tables t on t.oid = g.tgrelid where not g.tgisinternal and g.tgparentid = 0
union all
select 'function', signature, 'function ' || signature, pg_get_functiondef(oid) || ' -- ' || proowner::regrole::text,
       jsonb_build_object('function', signature, 'ddl', pg_get_functiondef(oid), 'owner', proowner::regrole)
  from functions
union all
select 'policy', format('%I on %s', p.polname, t.name), 'table ' || t.name,
       concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), '/', pg_get_expr(p.polwithcheck, p.polrelid)),
       jsonb_build_object(
           'table', t.name, 'policy', quote_ident(p.polname), 'command', p.polcmd, 'permissive', p.polpermissive,
           'roles', p.polroles::regrole[]::text[], 'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
       )
  from pg_policy p join tables t on t.oid = p.polrelid
union all
select 'view', v.name, 'table ' || v.name, concat_ws(' ', v.reloptions, v.relowner::regrole, pg_get_viewdef(v.oid)),
       jsonb_build_object('view', v.name, 'query', pg_get_viewdef(v.oid), 'options', coalesce(v.reloptions, '{}'), 'owner', v.relowner::regrole)
  from relations v where v.relkind = 'v'
union all
select 'column', format('%I of %s', a.attname, r.name), 'table ' || r.name,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attcollation, case when a.attnotnull then 'not null' end, a.attidentity,
                 pg_get_expr(d.adbin, d.adrelid), col_description(r.oid, a.attnum)),
       jsonb_build_object(
           'table', r.name, 'column', quote_ident(a.attname), 'notNull', a.attnotnull, 'identity', a.attidentity,
           'default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(r.oid, a.attnum), 'type', format_type(a.atttypid, a.atttypmod)
       )
  from relations r join pg_attribute a on a.attrelid = r.oid left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
 where r.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped and not r.relispartition
union all
select 'table', t.name, 'table ' || t.name, concat_ws(' ', t.relrowsecurity, t.relforcerowsecurity, t.relpersistence, t.relowner::regrole),
       jsonb_build_object('table', t.name, 'rowSecurity', t.relrowsecurity, 'forced', t.relforcerowsecurity, 'owner', t.relowner::regrole)
  from tables t
union all
select 'partition', l.name, 'table ' || p.name, pg_get_expr(l.relpartbound, l.oid),
       jsonb_build_object('leaf', l.name, 'parent', p.name, 'bound', pg_get_expr(l.relpartbound, l.oid))
  from pg_inherits h join relations l on l.oid = h.inhrelid join tables p on p.oid = h.inhparent where l.relkind = 'r'
union all
select 'enum', format_type(t.oid, null), 'type ' || format_type(t.oid, null), string_agg(e.enumlabel, ',' order by e.enumsortorder),
       jsonb_build_object('type', format_type(t.oid, null))
  from pg_type t join spaces s on s.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid group by t.oid
union all
select 'event trigger', e.evtname, 'event trigger ' || e.evtname, concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags),
       jsonb_build_object('trigger', quote_ident(e.evtname), 'enabled', e.evtenabled, 'event', e.evtevent, 'function', e.evtfoid::regproc, 'tags', coalesce(e.evttags, '{}'))
  from pg_event_trigger e
union all
select 'grant', format('%s on %s to %s', x.privilege_type, a.object, case when x.grantee = 0 then 'public' else x.grantee::regrole::text end),
       a.owner_object, x.is_grantable::text,
       jsonb_build_object('object', a.object, 'privilege', lower(x.privilege_type), 'grantee', case when x.grantee = 0 then 'public' else x.grantee::regrole::text end)
  from acls a cross join lateral aclexplode(a.acl) x where x.grantee <> a.owner
union all
select 'grantable', a.object, a.owner_object, a.owner::regrole::text, jsonb_build_object('object', a.object) from acls a where a.object !~ '\)$' or a.object ~ '^function'
union all
select 'default privilege', format('%s for %s to %s on %s', x.privilege_type, d.defaclrole::regrole, case when x.grantee = 0 then 'public' else x.grantee::regrole::text end, d.defaclobjtype),
       'default privileges of ' || d.defaclrole::regrole::text, coalesce(d.defaclnamespace::regnamespace::text, ''), '{}'
  from pg_default_acl d cross join lateral aclexplode(d.defaclacl) x
union all
select 'role', r.rolname, 'role ' || r.rolname, '', jsonb_build_object('role', quote_ident(r.rolname), 'owns', exists (select from pg_shdepend s where s.refobjid = r.oid and s.deptype = 'o'))
  from pg_roles r where not r.rolsuper and r.rolname !~ '^pg_'
 order by 1, 2
