-- What a server says of itself, in the shape that db-stats prints: the oracle of E1.0.1, asked as a superuser in a session of its own.
-- It reads the counters one by one, and not the views that db-stats reads, where there is another way.
with others as (
    select a.* from pg_stat_activity a where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
),
us as (
    select d.oid from pg_database d where d.datname = current_database()
),
own_locks as (
    select l.mode, l.granted from pg_lock_status() l, us where l.database = us.oid and l.pid in (select o.pid from others o)
),
own_tables as (
    select c.oid, n.nspname || '.' || c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 't', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select json_build_object(
    'database', current_database(),
    'version', current_setting('server_version'),
    'startedAt', pg_postmaster_start_time(),
    'databaseBytes', pg_database_size(current_database()),
    'connections', json_build_object(
        'used', (select count(*) from others),
        'max', (select setting::int from pg_settings where name = 'max_connections'),
        'active', (select count(*) filter (where state = 'active') from others),
        'idleInTransaction', (select count(*) filter (where state ~ '^idle in transaction') from others),
        'byLogin', (select json_object_agg(l.usename, (select count(*) from others o where o.usename = l.usename))
                      from (select distinct usename from others) l)),
    'transactions', (select json_build_object(
        'committed', pg_stat_get_db_xact_commit(us.oid), 'rolledBack', pg_stat_get_db_xact_rollback(us.oid),
        'deadlocks', pg_stat_get_db_deadlocks(us.oid), 'temporaryBytes', pg_stat_get_db_temp_bytes(us.oid),
        'since', pg_stat_get_db_stat_reset_time(us.oid)) from us),
    'cacheHitRatio', (select pg_stat_get_db_blocks_hit(us.oid)::float8 / pg_stat_get_db_blocks_fetched(us.oid) from us),
    'longestTransaction', (
        select json_build_object('pid', pid, 'login', usename, 'application', application_name, 'state', state,
                                 'seconds', extract(epoch from clock_timestamp() - xact_start))
          from others where xact_start = (select min(xact_start) from others)),
    'locks', (
        select coalesce(json_agg(json_build_object(
                   'mode', m.mode, 'held', (select count(*) from own_locks l where l.mode = m.mode and l.granted),
                   'waiting', (select count(*) from own_locks l where l.mode = m.mode and not l.granted)) order by m.mode), '[]')
          from (select distinct mode from own_locks) m),
    'blocked', json_build_array(),
    'tables', (
        select json_agg(json_build_object('name', name, 'tableBytes', pg_table_size(oid), 'indexBytes', pg_indexes_size(oid),
                   'liveRows', pg_stat_get_live_tuples(oid), 'deadRows', pg_stat_get_dead_tuples(oid),
                   'vacuumedAt', pg_stat_get_last_vacuum_time(oid)) order by pg_total_relation_size(oid) desc, name) from own_tables),
    'auditLog', json_build_object(
        'monthsAhead', (select count(*) from pg_partition_tree('audit.audit_log') p join pg_class c on c.oid = p.relid
                         where p.level = 1
                           and split_part(pg_get_expr(c.relpartbound, c.oid), '''', 2)::timestamptz > now())),
    'sealing', json_build_object(
        'unsealedRows', (select count(*) from audit.audit_log
                          where id > (select coalesce(max(up_to_id), 0) from audit.audit_seal)),
        'sealedAt', (select to_char(max(sealed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from audit.audit_seal)),
    'replicas', (select coalesce(json_agg(json_build_object('application', application_name, 'state', state, 'lagSeconds', extract(epoch from replay_lag))
                            order by application_name), '[]')
                   from pg_stat_replication),
    'archive', (select json_build_object('mode', current_setting('archive_mode'), 'archived', archived_count,
                    'lastArchivedAt', last_archived_time, 'failed', failed_count, 'lastFailedAt', last_failed_time)
                  from pg_stat_archiver)
) as figures
