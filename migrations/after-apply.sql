-- Runs after every apply, as the owner and under the same lock: what must stay true although no file changed.
select audit.ensure_partitions();
select ops.mark_environment(name) from nullif(current_setting('hma.environment', true), '') as name where name is not null;
