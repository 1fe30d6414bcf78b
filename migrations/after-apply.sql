-- Runs after every apply to the newest version, as the owner and under the runner's lock.
select audit.ensure_partitions();
select ops.mark_environment(name) from nullif(current_setting('hma.environment', true), '') as name where name is not null;
