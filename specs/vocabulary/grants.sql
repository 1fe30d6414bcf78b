-- Every privilege that somebody other than the owner was given on an object that is not Postgres's own.
with ours as (
    select oid, nspname, nspowner, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
),
lists (title, owner, acl) as (
    select 'schema ' || quote_ident(nspname), nspowner, nspacl from ours
    union all
    select case when c.relkind = 'S' then 'sequence ' else '' end || format('%I.%I', n.nspname, c.relname), c.relowner, c.relacl
      from pg_class c join ours n on n.oid = c.relnamespace
    union all
    select format('%I.%I.%s', n.nspname, c.relname, a.attname), c.relowner, a.attacl
      from pg_class c join ours n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    union all
    select p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)) from pg_proc p join ours n on n.oid = p.pronamespace
    union all
    select 'type ' || t.oid::regtype::text, t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
      from pg_type t join ours n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where t.typcategory <> 'A' and t.typtype <> 'm' and (c.oid is null or c.relkind = 'c')
    union all
    select 'language ' || quote_ident(lanname), lanowner, coalesce(lanacl, acldefault('l', lanowner)) from pg_language where lanispl
    union all
    select 'database ' || quote_ident(datname), datdba, coalesce(datacl, acldefault('d', datdba)) from pg_database where datname = current_database()
)
select case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end || ': ' || lower(a.privilege_type) || ' ' || l.title
       || case when a.is_grantable then ' with grant option' else '' end as line
  from lists l cross join aclexplode(l.acl) a
 where a.grantee <> l.owner
