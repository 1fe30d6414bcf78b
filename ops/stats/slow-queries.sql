-- The statements of this database as one JSON object. extension_schema is where the extension is, order_column a column below, $1 how many.
-- One row of a login and a statement, even where it was called from the top level and from inside of a function.
with counted as (
    select pg_get_userbyid(s.userid) as login, sum(s.calls) as calls, sum(s.total_exec_time) as total_ms,
           sum(s.total_exec_time) / nullif(sum(s.calls), 0) as mean_ms, sum(s.rows) as rows, max(s.query) as text,
           max(s.max_exec_time) as slowest_ms, max(s.stddev_exec_time) as deviation_ms
      from extension_schema.pg_stat_statements s
     where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
     group by s.userid, s.queryid, case when s.queryid is null then s.query end
),
listed as (
    select *, total_ms / nullif(sum(total_ms) over (), 0) as share from counted order by order_column desc limit $1
)
select json_build_object(
    'database', current_database(),
    'since', (select stats_reset from extension_schema.pg_stat_statements_info),
    'hidden', (select count(*) from listed where text = '<insufficient privilege>'),
    'statements', (select coalesce(json_agg(json_build_object(
        'login', login, 'calls', calls, 'totalMs', total_ms, 'meanMs', mean_ms,
        'p95Ms', least(mean_ms + 1.645 * deviation_ms, slowest_ms), 'share', coalesce(share, 0), 'rows', rows,
        'text', nullif(text, '<insufficient privilege>')) order by order_column desc), '[]') from listed)
) as figures
