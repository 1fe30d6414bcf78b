-- Every object of this database that is not Postgres's own, with what it takes to try it: one JSON object each.
with ours as (
    select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'attempts')
),
extension_owned as (
    select classid, objid from pg_depend where deptype = 'e'
)
select json_build_object('kind', 'schema', 'schema', n.nspname, 'name', '', 'sql', quote_ident(n.nspname)) as object
  from ours n
union all
select json_build_object(
           'kind', case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'view' else 'table' end,
           'schema', n.nspname,
           -- A leaf is called by its parent: which months there are, time decides.
           'name', case when c.relispartition then (select p.relname || '_<month>' from pg_inherits i join pg_class p on p.oid = i.inhparent where i.inhrelid = c.oid) else c.relname end,
           'sql', format('%I.%I', n.nspname, c.relname),
           'columns', (select json_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
           'key', (select json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
                     from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary),
           'extension', exists (select from extension_owned e where (e.classid, e.objid) = ('pg_class'::regclass, c.oid)))
  from pg_class c join ours n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
union all
select json_build_object(
           'kind', 'function', 'schema', n.nspname,
           'name', format('%s(%s)', p.proname, replace(oidvectortypes(p.proargtypes), 'timestamp with time zone', 'timestamptz')),
           'sql', p.oid::regprocedure::text,
           -- Arguments are subqueries, because the planner folds a constant null into a strict function without asking.
           'call', format('%I.%I(%s)%s', n.nspname, p.proname,
                       (select string_agg(case when a.number = p.pronargs and p.provariadic <> 0 then 'variadic ' else '' end || format('(select null::%s)', format_type(a.type, null)), ', ' order by a.number)
                          from unnest(p.proargtypes) with ordinality a (type, number)),
                       case p.prokind when 'w' then ' over ()' else '' end),
           'procedure', p.prokind = 'p',
           -- What takes a value of the server's inside, no SQL can call.
           'callable', not ('internal'::regtype = any (p.proargtypes)),
           'extension', exists (select from extension_owned e where (e.classid, e.objid) = ('pg_proc'::regclass, p.oid)))
  from pg_proc p join ours n on n.oid = p.pronamespace
union all
select json_build_object(
           'kind', 'type', 'schema', n.nspname, 'name', t.typname, 'sql', t.oid::regtype::text,
           'extension', exists (select from extension_owned e where (e.classid, e.objid) = ('pg_type'::regclass, t.oid)))
  from pg_type t join ours n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
 where t.typcategory <> 'A' and t.typtype <> 'm' and (c.oid is null or c.relkind = 'c')
union all
select json_build_object('kind', 'language', 'schema', '', 'name', lanname, 'sql', quote_ident(lanname)) from pg_language where lanispl
union all
select json_build_object('kind', 'database', 'schema', '', 'name', 'database', 'sql', quote_ident(current_database()))
