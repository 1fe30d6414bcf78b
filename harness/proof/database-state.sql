-- Everything in a database that an injected statement can change, as one hash: every catalog with every column, whatever version of
-- Postgres has them, the numbers of written rows, and the places of the sequences.
-- It is only compared with itself a moment earlier, so it may contain oids.
with catalogs as (
    select format('%I.%I', c.relnamespace::regnamespace, c.relname) as name,
           -- What VACUUM and ANALYZE write, which is no change.
           case c.relname when 'pg_class' then 'to_jsonb(t) - array[''relpages'', ''reltuples'', ''relallvisible'', ''relallfrozen'', ''relfrozenxid'', ''relminmxid'']'
               else 't' end as entry
      from pg_class c
     where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared
       and c.relname not in ('pg_statistic', 'pg_statistic_ext_data')
), facts as (
    select name as kind, query_to_xml(
               format('select md5(string_agg((%s)::text, chr(10) order by (%s)::text)) as rows from %s t', entry, entry, name),
               false, true, ''
           )::text as fact from catalogs
    union all select 'database', concat_ws('|', datname, datacl, datdba, datconnlimit) from pg_database where datname = current_database()
    union all select 'setting', concat_ws('|', setrole, setconfig) from pg_db_role_setting where setdatabase <> 0
    union all select 'written rows', concat_ws('|', relid, n_tup_ins, n_tup_upd, n_tup_del) from pg_stat_user_tables
    union all select 'sequence', concat_ws('|', seqrelid, pg_sequence_last_value(seqrelid)) from pg_sequence
)
select md5(string_agg(kind || fact, e'\n' order by kind, fact)) as hash from facts
