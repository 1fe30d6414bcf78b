-- The catalog as rows (kind, identity, digest), equal in all databases with the same migrations: without oids, dates and statistics.
-- Left out: objects of extensions, temporary objects, and partitions, which a job creates and not a migration. Of a partition it
-- contains only what no partition should have: a grant, another owner, a disabled trigger. Of Postgres's own functions and tables it
-- contains those with other privileges than at first, and of the roles those that own something or have a privilege in this database.
with here as (
    select oid, datname, datdba, datacl from pg_database where datname = current_database()
),
extension_owned as (
    select classid, objid from pg_depend where deptype = 'e'
),
schemas as (
    select n.* from pg_namespace n
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from extension_owned e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid)
),
all_relations as (
    select c.*, s.nspname, quote_ident(s.nspname) || '.' || quote_ident(c.relname) as full_name
      from pg_class c join schemas s on s.oid = c.relnamespace
     where c.relpersistence <> 't'
       and not exists (select from extension_owned e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
),
relations as (
    select * from all_relations where not relispartition
),
leaves as (
    select * from all_relations where relispartition and relkind in ('r', 'p', 'f')
),
functions as (
    select p.*, p.oid::regprocedure::text as full_name
      from pg_proc p join schemas s on s.oid = p.pronamespace
     where not exists (select from extension_owned e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
),
types as (
    select t.*, quote_ident(s.nspname) || '.' || quote_ident(t.typname) as full_name
      from pg_type t join schemas s on s.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
       and not exists (select from extension_owned e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
),
roles as (
    select r.* from pg_roles r
     where exists (
         select from pg_shdepend d cross join here
          where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid
            and (d.dbid = here.oid or (d.classid = 'pg_database'::regclass and d.objid = here.oid))
     )
),
privileges (kind, oid, list) as (
    select o.kind, o.oid, string_agg(a::text, ',' order by a::text)
      from (
          select 'schema', oid, coalesce(nspacl, acldefault('n', nspowner)) from schemas
          union all
          select 'relation', oid, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)) from all_relations
          union all
          select 'function', oid, coalesce(proacl, acldefault('f', proowner)) from functions
          union all
          select 'type', oid, coalesce(typacl, acldefault('T', typowner)) from types
          union all
          select 'database', oid, coalesce(datacl, acldefault('d', datdba)) from here
      ) o (kind, oid, acl)
      cross join unnest(o.acl) a
     where o.kind <> 'database' or split_part(a::text, '=', 1) <> (select h.datdba::regrole::text from here h)
     group by o.kind, o.oid
),
other_objects (classid, objid) as (
    select 'pg_cast'::regclass, oid from pg_cast
    union all select 'pg_operator'::regclass, oid from pg_operator
    union all select 'pg_opclass'::regclass, oid from pg_opclass
    union all select 'pg_opfamily'::regclass, oid from pg_opfamily
    union all select 'pg_am'::regclass, oid from pg_am
    union all select 'pg_collation'::regclass, oid from pg_collation
    union all select 'pg_conversion'::regclass, oid from pg_conversion
    union all select 'pg_language'::regclass, oid from pg_language
    union all select 'pg_transform'::regclass, oid from pg_transform
    union all select 'pg_ts_config'::regclass, oid from pg_ts_config
    union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict
    union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
    union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
    union all select 'pg_publication'::regclass, oid from pg_publication
),
objects (kind, identity, definition) as (
    select 'schema', n.nspname::text, row(n.nspowner::regrole, p.list, obj_description(n.oid, 'pg_namespace'))::text
      from schemas n left join privileges p on (p.kind, p.oid) = ('schema', n.oid)
    union all
    select case r.relkind when 'v' then 'view' when 'm' then 'view' when 'S' then 'sequence' else 'table' end, r.full_name,
           row(r.relkind, r.relowner::regrole, r.relrowsecurity, r.relforcerowsecurity, array_to_string(r.reloptions, ','),
               p.list, pg_get_partkeydef(r.oid), case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) end,
               case when r.relkind = 'S' then (
                   select row(q.seqtypid::regtype, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle)::text
                     from pg_sequence q where q.seqrelid = r.oid) end,
               obj_description(r.oid, 'pg_class'))::text
      from relations r left join privileges p on (p.kind, p.oid) = ('relation', r.oid)
     where r.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'column', r.full_name || '.' || quote_ident(a.attname),
           row(format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, a.attnotnull, a.attidentity, a.attgenerated,
               pg_get_expr(d.adbin, d.adrelid), (select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) x),
               col_description(r.oid, a.attnum))::text
      from relations r
      join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
     where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
    union all
    select 'constraint', coalesce(r.full_name, t.full_name) || '.' || quote_ident(c.conname),
           row(pg_get_constraintdef(c.oid), c.convalidated,
               exists (select from pg_trigger g where g.tgconstraint = c.oid and g.tgenabled = 'D'),
               obj_description(c.oid, 'pg_constraint'))::text
      from pg_constraint c left join relations r on r.oid = c.conrelid left join types t on t.oid = c.contypid
     where c.conparentid = 0 and (r.oid is not null or t.oid is not null)
    union all
    select 'index', r.full_name, row(pg_get_indexdef(r.oid), i.indisvalid, i.indisclustered, i.indisreplident, obj_description(r.oid, 'pg_class'))::text
      from relations r join pg_index i on i.indexrelid = r.oid join relations t on t.oid = i.indrelid
    union all
    select 'trigger', r.full_name || '.' || quote_ident(t.tgname), row(pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))::text
      from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
    union all
    select 'rule', r.full_name || '.' || quote_ident(w.rulename), row(pg_get_ruledef(w.oid), w.ev_enabled, obj_description(w.oid, 'pg_rewrite'))::text
      from pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
    union all
    select 'policy', r.full_name || '.' || quote_ident(p.polname),
           row(p.polcmd, p.polpermissive,
               (select string_agg(case x when 0 then 'public' else x::regrole::text end, ',' order by x::regrole::text) from unnest(p.polroles) x),
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy'))::text
      from pg_policy p join relations r on r.oid = p.polrelid
    union all
    select 'statistics', quote_ident(s.nspname) || '.' || quote_ident(x.stxname),
           row(pg_get_statisticsobjdef(x.oid), x.stxowner::regrole, obj_description(x.oid, 'pg_statistic_ext'))::text
      from pg_statistic_ext x join schemas s on s.oid = x.stxnamespace
    union all
    select 'function', f.full_name,
           row(f.prokind, case when f.prokind in ('f', 'p') then pg_get_functiondef(f.oid) end, f.proowner::regrole, p.list, obj_description(f.oid, 'pg_proc'))::text
      from functions f left join privileges p on (p.kind, p.oid) = ('function', f.oid)
    union all
    select 'type', t.full_name,
           row(t.typtype, t.typowner::regrole, format_type(t.typbasetype, t.typtypmod), t.typcollation::regcollation, t.typnotnull, t.typdefault,
               (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
               (select g.rngsubtype::regtype from pg_range g where g.rngtypid = t.oid), p.list, obj_description(t.oid, 'pg_type'))::text
      from types t left join privileges p on (p.kind, p.oid) = ('type', t.oid)
    union all
    select 'default privilege', concat_ws(' ', d.defaclrole::regrole, n.nspname, d.defaclobjtype),
           (select string_agg(a::text, ',' order by a::text) from unnest(d.defaclacl) a)
      from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
    union all
    select 'extension', extname::text, row(extnamespace::regnamespace, extversion)::text from pg_extension where extname <> 'plpgsql'
    union all
    select 'event trigger', evtname::text, row(evtevent, evtenabled, evtfoid::regprocedure, array_to_string(evttags, ','))::text from pg_event_trigger
    union all
    select o.type, o.identity, ''
      from other_objects s cross join pg_identify_object(s.classid, s.objid, 0) o
     where s.objid >= 16384
       and not exists (select from extension_owned e where (e.classid, e.objid) = (s.classid, s.objid))
    union all
    select 'language', l.lanname::text, (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(l.lanacl, acldefault('l', l.lanowner))) a)
      from pg_language l
    union all
    select 'system privilege', o.name, o.list
      from (
          select f.oid::regprocedure::text, i.initprivs, acldefault('f', f.proowner),
                 (select string_agg(a::text, ',' order by a::text) from unnest(f.proacl) a)
            from pg_proc f left join pg_init_privs i on (i.classoid, i.objoid, i.objsubid) = ('pg_proc'::regclass, f.oid, 0)
           where f.pronamespace = 'pg_catalog'::regnamespace and f.oid < 16384 and f.proacl is not null
          union all
          select c.oid::regclass::text, i.initprivs, acldefault('r', c.relowner),
                 (select string_agg(a::text, ',' order by a::text) from unnest(c.relacl) a)
            from pg_class c left join pg_init_privs i on (i.classoid, i.objoid, i.objsubid) = ('pg_class'::regclass, c.oid, 0)
           where c.relnamespace = 'pg_catalog'::regnamespace and c.oid < 16384 and c.relacl is not null
      ) o (name, at_first, by_default, list)
     where o.list is distinct from (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(o.at_first, o.by_default)) a)
    union all
    select 'database', 'current', p.list from here left join privileges p on (p.kind, p.oid) = ('database', here.oid)
    union all
    select 'role', rolname::text, row(rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit)::text
      from roles
    union all
    select 'membership', concat_ws(' in ', member::regrole, roleid::regrole), row(admin_option, inherit_option, set_option)::text
      from pg_auth_members
     where member in (select r.oid from roles r) or roleid in (select r.oid from roles r)
    union all
    select 'setting', concat_ws(' ', case when s.setrole = 0 then 'everybody' else s.setrole::regrole::text end, case when s.setdatabase <> 0 then 'here' end, split_part(c, '=', 1)), c
      from pg_db_role_setting s cross join unnest(s.setconfig) c cross join here
     where s.setdatabase in (0, here.oid) and (s.setrole = 0 or s.setrole in (select r.oid from roles r))
    union all
    select 'partition privilege', l.full_name, row(l.relowner::regrole, p.list, c.list)::text
      from leaves l
      join pg_partition_root(l.oid) root on true
      join pg_class parent on parent.oid = root
      left join privileges p on (p.kind, p.oid) = ('relation', l.oid)
      left join lateral (
          select string_agg(a.attname || ':' || a.attacl::text, ',' order by a.attnum) as list
            from pg_attribute a where a.attrelid = l.oid and a.attacl is not null
      ) c on true
     where l.relowner <> parent.relowner or c.list is not null
        or exists (select from aclexplode(coalesce(l.relacl, acldefault('r', l.relowner))) a where a.grantee <> l.relowner)
    union all
    select 'partition trigger', l.full_name || '.' || quote_ident(t.tgname), t.tgenabled::text
      from pg_trigger t join leaves l on l.oid = t.tgrelid where t.tgenabled = 'D'
)
select kind, identity, md5(coalesce(definition, '')) as digest from objects
