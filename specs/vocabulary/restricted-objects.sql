-- Objects of Postgres without a privilege for PUBLIC: functions that access files, the server or the sessions of others,
-- functions that write outside every schema, and relations with passwords, statistics and addresses.
select json_build_object(
           'kind', 'function', 'schema', 'pg_catalog', 'name', p.proname, 'sql', p.oid::regprocedure::text,
           'call', format('%I(%s)', p.proname,
                       (select string_agg(format('(select null::%s)', format_type(a.type, null)), ', ' order by a.number)
                          from unnest(p.proargtypes) with ordinality a (type, number))),
           'callable', true, 'extension', true) as object
  from pg_proc p
  left join pg_init_privs i on i.classoid = 'pg_proc'::regclass and i.objoid = p.oid
 where p.pronamespace = 'pg_catalog'::regnamespace
   and (i.initprivs::text !~ '[{,]=' or p.proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'pg_logical_emit_message'))
union all
select json_build_object(
           'kind', 'table', 'schema', 'pg_catalog', 'name', c.relname, 'sql', c.oid::regclass::text,
           'columns', (select json_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                         and not exists (select from pg_init_privs s where (s.classoid, s.objoid, s.objsubid) = (i.classoid, c.oid, a.attnum))))
  from pg_class c
  join pg_init_privs i on i.classoid = 'pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0
 where c.relnamespace = 'pg_catalog'::regnamespace and i.initprivs::text !~ '[{,]='
