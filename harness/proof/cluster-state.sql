-- What an injected statement can change beyond its database, as one hash: every catalog that all databases share, with every column,
-- and the configuration of the server. Without what other tests change at the same time: their databases, and what depends on them.
with catalogs as (
    select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name,
           case c.relname
               when 'pg_db_role_setting' then 't.setdatabase = 0'
               when 'pg_database' then 't.datname in (''postgres'', ''template0'', ''template1'')'
               else 'true'
           end as condition,
           case c.relname when 'pg_database' then 'concat_ws(''|'', t.datname, t.datdba, t.datacl, t.datallowconn, t.datconnlimit)' else 't' end as entry
      from pg_class c
     where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and c.relisshared
       and c.relname not in ('pg_shdepend', 'pg_shdescription', 'pg_shseclabel')
), facts as (
    select name as kind, query_to_xml(
               format('select md5(string_agg((%s)::text, chr(10) order by (%s)::text)) as rows from %s t where %s', entry, entry, name, condition),
               false, true, ''
           )::text as fact from catalogs
    union all select 'configured', concat_ws('|', name, setting, sourcefile, sourceline) from pg_file_settings
)
select md5(string_agg(kind || fact, e'\n' order by kind, fact)) as hash from facts
