-- The figures of scripts/db-stats.sh as one JSON object, for a login that has pg_monitor. It waits for no lock: a table that
-- another session has locked exclusively has no size here (null), because to measure it would be to wait for that session.
with own as (
    select * from pg_stat_database where datname = current_database()
),
sessions as (
    select pid, usename, application_name, state, xact_start, query_start,
           case when wait_event_type = 'Lock' then pg_blocking_pids(pid) else '{}' end as blockers
      from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid()
),
locked as (
    select relation from pg_locks where mode = 'AccessExclusiveLock' and granted and relation is not null
),
tables as (
    select s.relid, s.n_live_tup as live, s.n_dead_tup as dead, format('%I.%I', s.schemaname, s.relname) as name,
           greatest(s.last_vacuum, s.last_autovacuum) as vacuumed,
           case when l.relation is null then pg_table_size(s.relid) end as table_bytes,
           case when l.relation is null then pg_indexes_size(s.relid) end as index_bytes
      from pg_stat_user_tables s
      join pg_class c on c.oid = s.relid and c.relkind <> 'p'
      left join (select distinct relation from locked) l on l.relation = s.relid
),
locks as (
    -- Of the sessions in this database, each on something in it: a lock of a transaction's own id says nothing.
    select k.mode, count(*) filter (where k.granted) as held, count(*) filter (where not k.granted) as waiting
      from pg_locks k
      join sessions s on s.pid = k.pid
     where k.database = (select d.oid from pg_database d where d.datname = current_database())
     group by k.mode
),
leaves as (
    -- The lower bound of each leaf of the audit log, as `FOR VALUES FROM ('2026-11-01 …') TO (…)`.
    select (regexp_match(pg_get_expr(c.relpartbound, c.oid), '\(''(\d{4}-\d\d-\d\d)'))[1]::date as month
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass('audit.audit_log')
)
select json_build_object(
    'database', current_database(),
    'version', current_setting('server_version'),
    'startedAt', pg_postmaster_start_time(),
    'databaseBytes', pg_database_size(current_database()),
    'connections', json_build_object(
        'used', (select count(*) from sessions),
        'max', current_setting('max_connections')::int,
        'active', (select count(*) from sessions where state = 'active'),
        'idleInTransaction', (select count(*) from sessions where state like 'idle in transaction%'),
        'byLogin', (select coalesce(json_object_agg(usename, number order by usename), '{}')
                      from (select usename, count(*) as number from sessions group by usename) l)),
    'transactions', (select json_build_object(
        'committed', xact_commit, 'rolledBack', xact_rollback, 'deadlocks', deadlocks,
        'temporaryBytes', temp_bytes, 'since', stats_reset) from own),
    'cacheHitRatio', (select blks_hit::float8 / nullif(blks_hit + blks_read, 0) from own),
    'longestTransaction', (
        select json_build_object('pid', pid, 'login', usename, 'application', application_name, 'state', state,
                                 'seconds', extract(epoch from clock_timestamp() - xact_start))
          from sessions where xact_start is not null order by xact_start limit 1),
    'locks', (
        select coalesce(json_agg(json_build_object('mode', mode, 'held', held, 'waiting', waiting) order by mode), '[]') from locks),
    'blocked', (
        select coalesce(json_agg(json_build_object('pid', s.pid, 'login', s.usename, 'seconds',
                   extract(epoch from clock_timestamp() - s.query_start), 'blockedBy', s.blockers,
                   'table', (select k.relation::regclass::text from pg_locks k where k.pid = s.pid and not k.granted and k.relation is not null
                               and k.database = (select d.oid from pg_database d where d.datname = current_database())
                             order by k.relation limit 1))
                   order by s.query_start), '[]')
          from sessions s where cardinality(s.blockers) > 0),
    'tables', (
        select coalesce(json_agg(json_build_object('name', name, 'tableBytes', table_bytes, 'indexBytes', index_bytes,
                   'liveRows', live, 'deadRows', dead, 'vacuumedAt', vacuumed)
                   order by table_bytes + index_bytes desc nulls first, name), '[]') from tables),
    'auditLog', case when to_regclass('audit.audit_log') is not null then json_build_object(
        'monthsAhead', (select count(*) from leaves where month > date_trunc('month', now() at time zone 'UTC'))) end,
    'replicas', (
        select coalesce(json_agg(json_build_object('application', application_name, 'state', state,
                   'lagSeconds', extract(epoch from replay_lag)) order by application_name), '[]') from pg_stat_replication),
    'archive', json_build_object(
        'mode', current_setting('archive_mode'),
        'archived', (select archived_count from pg_stat_archiver), 'lastArchivedAt', (select last_archived_time from pg_stat_archiver),
        'failed', (select failed_count from pg_stat_archiver), 'lastFailedAt', (select last_failed_time from pg_stat_archiver))
) as figures
